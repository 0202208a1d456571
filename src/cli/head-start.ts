import type { HeadStart } from "../kernel/live/head-start.ts";

/** Where the program, which is in files of its own, finds what dist/cli.cjs has begun. */
const PLACE = Symbol.for("nsatlas.head-start");

export const setHeadStart = (start: HeadStart | undefined): void => void Reflect.set(globalThis, PLACE, start);

export const headStart = (): HeadStart | undefined => (globalThis as { readonly [PLACE]?: HeadStart })[PLACE];
