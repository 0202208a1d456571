import { existsSync } from "node:fs";
import { NATIVE_FUNCTIONS, type Native } from "./native.ts";
import { nativeFile, ownPlace, type NativePlace } from "./native-files.ts";

/** Why there is no native half here. Without it /proc can still be read, but no ioctl be made. */
export type NoNative =
  | { readonly why: "other-system"; readonly system: string }
  | { readonly why: "other-cpu"; readonly cpu: string }
  | { readonly why: "not-built"; readonly path: string }
  | { readonly why: "failed-to-load"; readonly path: string; readonly cause: unknown };

export type LoadedNative = { readonly native: Native } | { readonly missing: NoNative };

/** The CPUs that native/ is written for, as `process.arch` names them. */
const CPUS: readonly string[] = ["x64", "arm64"];

/** The machine that runs us, and where our package is: parameters, so that tests can be elsewhere. */
export interface Host extends NativePlace {
  readonly platform: string;
}

/** Loads the addon for this machine from prebuilds/ beside our package.json. Gives the reason where that fails. */
export function loadNative(host: Host = thisHost()): LoadedNative {
  const { platform, arch, root } = host;
  if (platform !== "linux") return { missing: { why: "other-system", system: platform } };
  if (!CPUS.includes(arch)) return { missing: { why: "other-cpu", cpu: arch } };
  const name = "nsatlas.node";
  let path: string = name;
  try {
    const file = nativeFile(name, { arch, root });
    if (file === undefined || !existsSync(file)) return { missing: { why: "not-built", path: file ?? name } };
    path = file;
    // What require() does with an addon, less its search for a package.json around it.
    const module: { exports: unknown } = { exports: {} };
    process.dlopen(module, path);
    if (isNative(module.exports)) return { native: module.exports };
    return { missing: { why: "failed-to-load", path, cause: new TypeError("built from other sources") } };
  } catch (cause) {
    return { missing: { why: "failed-to-load", path, cause } };
  }
}

const thisHost = (): Host => ({ platform: process.platform, ...ownPlace() });

function isNative(addon: unknown): addon is Native {
  if (typeof addon !== "object" || addon === null) return false;
  const functions = new Map<string, unknown>(Object.entries(addon));
  return NATIVE_FUNCTIONS.every((name) => typeof functions.get(name) === "function");
}
