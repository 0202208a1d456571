import { spawnSync } from "node:child_process";
import { accessSync, closeSync, constants, openSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { errnoName } from "../../src/abi/errnos.ts";
import { SYSTEMD, UNIFIED, whyNotWritable } from "./hierarchies.ts";
import { KERNEL_FEATURES, type KernelFeature, type KernelFeatureName } from "./kernel-lacks.ts";
import { manualPagePath } from "./manual-page.ts";
import { asOrdinaryUser, ORDINARY_USER } from "./ordinary-user.ts";
import packages from "./packages.json" with { type: "json" };

export type PackageName = keyof typeof packages;

/** What a test can ask for. `package:` is a Debian package of `packages.json`, `kernel:` a row of `kernel-lacks.ts`. */
export type Need =
  | "linux"
  | "root"
  | "ordinary-user"
  | "native"
  | "user-namespaces"
  | "newer-lsns"
  | "other-nodes"
  | "fuse"
  | "binfmt-misc"
  | "cgroup-v1"
  | "cgroup-v2"
  | "mounts-cgroup-v2"
  | `package:${PackageName}`
  | `kernel:${KernelFeatureName}`;

/** Of util-linux 2.42, unpacked by scripts/newer-lsns.js. */
export const NEWER_LSNS = join(import.meta.dirname, "../../.cache/newer-lsns/lsns");
/** Nodes of other versions, unpacked by scripts/other-nodes.js. */
export const OTHER_NODES = join(import.meta.dirname, "../../.cache/nodes");

const JOINABLE =
  "mount -t cgroup2 none /sys/fs/cgroup && mkdir /sys/fs/cgroup/nsatlas-test-$$ && rmdir /sys/fs/cgroup/nsatlas-test-$$";

/** Why each need that is not met is not met. What is met has no entry. */
export type Lacking = Partial<Record<Need, string>>;

/** Looks at this machine once for the whole run, by trying; what that takes is made in `folder`. */
export function examineMachine(folder: string): Lacking {
  if (process.platform !== "linux") return { linux: `this is ${process.platform}` };
  const lacking: Lacking = {};
  if (!mayMount()) lacking.root = "needs root with CAP_SYS_ADMIN";
  if (!canBecomeOrdinary()) lacking["ordinary-user"] = `user ${ORDINARY_USER.uid} may not run ${process.execPath}`;
  if (!hasNativeHalf()) lacking.native = `no native half for linux-${process.arch} was built (gcc missing?)`;
  if (spawnSync(NEWER_LSNS, ["--version"]).status !== 0)
    lacking["newer-lsns"] = "node scripts/newer-lsns.js unpacks one from Debian's next release, where a mirror has it";
  const otherNodes = ["x64-22", "x64-24", "x64-26", "arm64-22"].filter((name) => !isThere(join(OTHER_NODES, name)));
  if (otherNodes.length > 0)
    lacking["other-nodes"] = `no Node ${otherNodes.join(", ")}: node scripts/other-nodes.js unpacks them from npm`;
  if (spawnSync(join(OTHER_NODES, "x64-22"), ["--version"]).status !== 0 && otherNodes.length === 0)
    lacking["other-nodes"] = "the other Nodes are for x64";
  if (!canOpen("/dev/fuse")) lacking.fuse = "needs /dev/fuse, and a kernel that has it";
  // An instance of a user namespace's own: since Linux 6.7, with CONFIG_BINFMT_MISC.
  const mounting = ["-r", "-m", "mount", "-t", "binfmt_misc", "binfmt_misc", folder];
  if (spawnSync("unshare", mounting).status !== 0)
    lacking["binfmt-misc"] = "this kernel gives no binfmt_misc to a user namespace";
  for (const [need, option] of [
    ["cgroup-v1", SYSTEMD],
    ["cgroup-v2", UNIFIED],
  ] as const) {
    const why = whyNotWritable(option);
    if (why !== undefined) lacking[need] = `the hierarchy ${option || "of version 2"} ${why}`;
  }
  if (spawnSync("unshare", ["-m", "sh", "-c", JOINABLE]).status !== 0)
    lacking["mounts-cgroup-v2"] = "no hierarchy of version 2 can be mounted at /sys/fs/cgroup, or it takes no folder";
  const userNamespaces = whyNoUserNamespaces();
  if (userNamespaces !== undefined) lacking["user-namespaces"] = userNamespaces;

  for (const [name, { gives }] of Object.entries(packages) as [PackageName, { gives: string[] }][]) {
    const missing = gives.filter((thing) => !isThere(thing));
    if (missing.length > 0) lacking[`package:${name}`] = `needs ${missing.join(", ")} (Debian package ${name})`;
  }
  using probe = openProbe(folder);
  for (const [name, feature] of Object.entries(KERNEL_FEATURES) as [KernelFeatureName, KernelFeature][]) {
    const why = probe.whyLacking(feature);
    if (why !== undefined) lacking[`kernel:${name}`] = why;
  }
  return lacking;
}

/** Root alone is not enough: in a container it may lack the capability that mounts and namespaces take. */
function mayMount(): boolean {
  return process.getuid?.() === 0 && spawnSync("unshare", ["--mount", "true"]).status === 0;
}

function canOpen(device: string): boolean {
  try {
    closeSync(openSync(device, constants.O_RDWR));
    return true;
  } catch {
    return false;
  }
}

/** Node may lie below a folder that is closed to others. */
const canBecomeOrdinary = (): boolean =>
  spawnSync(process.execPath, ["--version"], { cwd: "/", ...asOrdinaryUser() }).status === 0;

function hasNativeHalf(): boolean {
  const folder = join(import.meta.dirname, "../../prebuilds", `linux-${process.arch}`);
  try {
    return readdirSync(folder).some((name) => name.endsWith(".node"));
  } catch {
    return false;
  }
}

function whyNoUserNamespaces(): string | undefined {
  const { status, stderr, error } = spawnSync("unshare", ["--user", "true"], {
    encoding: "utf8",
    cwd: "/",
    ...asOrdinaryUser(),
  });
  if (status === 0) return undefined;
  return `an ordinary user cannot create a user namespace here: ${error?.message ?? stderr.trim()}`;
}

function isThere(thing: string): boolean {
  if (thing.startsWith("man:")) return manualPagePath(thing.slice("man:".length)) !== undefined;
  const places = thing.startsWith("/")
    ? [thing]
    : (process.env["PATH"] ?? "").split(delimiter).map((dir) => join(dir, thing));
  return places.some((place) => {
    try {
      accessSync(place, thing.startsWith("/") ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Asks the running kernel. */
export interface Probe extends Disposable {
  whyLacking(feature: KernelFeature): string | undefined;
}

/** Compiles `ask.c` below a folder. Without a compiler nothing is known about the kernel, which is a lack too. */
export function openProbe(below: string): Probe {
  const folder = mkdtempSync(join(below, "ask-"));
  const program = join(folder, "ask");
  const built = spawnSync("gcc", ["-O1", "-o", program, join(import.meta.dirname, "ask.c")], { encoding: "utf8" });
  return {
    whyLacking({ since, why, ask, lacking }) {
      if (built.status !== 0) return `cannot ask the kernel without a C compiler (Debian packages gcc, libc6-dev)`;
      const { status, stdout } = spawnSync(program, ask.map(String), { encoding: "utf8" });
      if (status !== 0) throw new Error(`ask ${ask.join(" ")} failed with ${status}`);
      const errno = Number(stdout);
      if (errno === 0 || errnoName(errno) !== lacking) return undefined;
      return `this kernel lacks what Linux ${since} has: ${why} (${ask[0]} gave ${lacking})`;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
