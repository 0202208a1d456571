import { CLONE_FLAGS } from "../../../src/abi/constants.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import type { ProcLink } from "../../../src/abi/proc-links.ts";
import { taskName, type Call, type Value } from "../../../src/kernel/call.ts";
import type { Clone3Arguments } from "../../../src/rules/clone3-arguments.ts";
import type { Scene, Step } from "../fact-case.ts";
import { capset, close, dumpable, fstat, open, setns, setresgid, setresuid } from "../script.ts";

/** Where the caller of a case stands: steps that bring "shell", or another task, there. */
const SHELL = "shell";
const { CLONE_VM, CLONE_SIGHAND, CLONE_THREAD } = CLONE_FLAGS;
export const THREAD = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM;

export const flagOf = (...kinds: NamespaceKind[]): number =>
  kinds.reduce((sum, kind) => sum | NAMESPACE_KINDS[kind].flag, 0);
export const cloneWith = (as: string, flags: number, args?: Clone3Arguments): Call => ({
  op: "clone",
  as: taskName(as),
  flags,
  ...(args === undefined ? {} : { args }),
});
export const unshareFlags = (flags: number): Call => ({ op: "unshare", flags });
export const writeSysctl = (name: Extract<Call, { op: "write-sysctl" }>["name"], value: number | string): Call => ({
  op: "write-sysctl",
  name,
  text: String(value),
});
export const readSysctl = (name: Extract<Call, { op: "read-sysctl" }>["name"]): Call => ({ op: "read-sysctl", name });
export const wait = (child: string): Call => ({ op: "wait", child: taskName(child) });

/** An ordinary user: no capabilities, and its own files under /proc to itself. */
export const ordinary = (uid: number, task = SHELL): Step[] => [
  [task, setresgid(uid)],
  [task, setresuid(uid)],
  [task, dumpable],
];
export const within = (name: string, task = SHELL): Step => [task, (fds) => setns(fds(name), kindOf(name))];
export const withoutCapabilities = (task = SHELL): Step => [task, capset()];
/** A second thread of the caller's process. */
export const secondThread = (task = SHELL): Step => [task, cloneWith("thread", THREAD)];

const kindOf = (name: string): NamespaceKind => name.slice(0, name.indexOf(":")) as NamespaceKind;

/** Which namespace a link leads to, as text: the same text is the same namespace. */
export function linkId(scene: Scene, task: string, link: ProcLink, by = task): string {
  const fd = scene.call(by, open(task, link));
  if (typeof fd !== "number") return JSON.stringify(fd);
  const id = JSON.stringify(scene.call(by, fstat(fd)));
  scene.call(by, close(fd));
  return id;
}

/** What a call gave, as text. */
export const told = (value: Value | string | undefined): string =>
  typeof value === "object" ? JSON.stringify(value) : `${value}`;
