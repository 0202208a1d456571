import type { NsfsIoctl } from "../../src/abi/ioctls.ts";
import type { RelationIoctl } from "../../src/kernel/call.ts";
import { refused, type Refused } from "../../src/rules/outcome.ts";

/** What a row expects: a namespace by its name in the drawing, a number, or a refusal (the reason: on the model alone). */
export type Expected = string | number | Refused;
/** asked about, by a process in, gives */
export type Row = readonly [about: string, by: string, gives: Expected];

/** Cases of one ioctl in one drawn world, which every kernel must answer alike. */
export interface IoctlCases {
  readonly request: RelationIoctl & NsfsIoctl;
  readonly world: string;
  readonly rows: readonly Row[];
}
export const ioctlCases = (request: RelationIoctl, cases: Omit<IoctlCases, "request">): IoctlCases => ({
  request,
  ...cases,
});
export { refused };
