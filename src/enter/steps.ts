import { CONSTANTS } from "../abi/constants.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Act } from "./act.ts";
import type { Fork, Saying, Step } from "./step.ts";

/** The open descriptors that a way needs, on loan. */
export interface Handles {
  readonly pidfd: number | undefined;
  readonly namespaces: ReadonlyMap<NamespaceKind, number>;
  readonly root: number | undefined;
  readonly folder: number | undefined;
  /** cgroup.procs of the control group to join, open for writing. */
  readonly cgroup: number | undefined;
}

/** The mark of the supplementary groups that were given up in time, and where the working directory is kept. */
const GROUPS_GIVEN_UP = 1;
const OLD_FOLDER = 0;
const NEW_NAMESPACE_OF_MOUNTS = NAMESPACE_KINDS.mnt.flag;
/** Whoever writes 0 moves itself. Source: cgroups(7). */
const MYSELF = "0";

/** How the command is waited for. */
export type Waiting = Pick<Fork, "timeoutMs" | "graceMs" | "forwarded" | "killSignal" | "parent">;

/** The acts as the launcher carries them out, each with what it says where it fails. What is run comes behind. */
export function stepsOf(
  acts: readonly Act[],
  handles: Handles,
  waiting: Waiting,
  says: (act: Act) => Saying,
): readonly Step[] {
  const steps: Step[] = [];
  for (const act of acts) {
    const saying = says(act);
    for (const step of stepsOfAct(act, handles, waiting)) steps.push({ ...step, says: saying });
  }
  return acts.some(({ act }) => act === "stay") ? keepingFolder(steps, acts, says) : steps;
}

/** Those of one act, which say nothing. */
export function stepsOfAct(act: Act, handles: Handles, waiting: Waiting): readonly Step[] {
  switch (act.act) {
    case "early-groups":
      return [{ do: "setgroups", gids: [], sets: GROUPS_GIVEN_UP, mayFailBy: "always" }];
    case "join": {
      const { by, wishes } = act.join;
      const nstype = wishes.reduce((flags, { kind }) => flags | NAMESPACE_KINDS[kind].flag, 0);
      const [first] = wishes;
      const fd = by === "pidfd" || first === undefined ? handles.pidfd : handles.namespaces.get(first.kind);
      return [{ do: "setns", fd: open(fd), nstype }];
    }
    case "root":
      return [
        { do: "fchdir", fd: open(handles.root) },
        { do: "chroot", path: "." },
        { do: "chdir", path: "/" },
      ];
    case "folder":
      return [{ do: "fchdir", fd: open(handles.folder) }];
    case "stay":
      return [{ do: "fchdir", fd: { register: OLD_FOLDER } }];
    case "folder-inside":
      return [{ do: "chdir", path: act.path }];
    case "cgroup":
      return [{ do: "write", folder: open(handles.cgroup), data: MYSELF }];
    case "fork":
      return [{ do: "fork", stopsAlong: true, ...waiting }];
    case "mount-proc":
      return [
        { do: "unshare", flags: NEW_NAMESPACE_OF_MOUNTS },
        { do: "mount", source: "none", target: "/", flags: CONSTANTS.MS_REC | CONSTANTS.MS_PRIVATE },
        { do: "mount", source: "proc", target: act.path, type: "proc", flags: MS_NOSUID | MS_NODEV | MS_NOEXEC },
      ];
    case "groups":
      return [{ do: "setgroups", gids: act.groups, ...UNLESS[act.unless] }];
    case "gid":
      return [{ do: "setgid", gid: act.gid }];
    case "uid":
      return [...(act.keepsCaps ? [KEEP_CAPS] : []), { do: "setuid", uid: act.uid }];
    case "keep-caps":
      return [{ do: "ambient" }];
    case "no-new-privs":
      return [{ do: "prctl", option: CONSTANTS.PR_SET_NO_NEW_PRIVS, args: [1, 0, 0, 0] }];
  }
}

const UNLESS = { "given-up": { mayFailBy: GROUPS_GIVEN_UP }, always: { mayFailBy: "always" }, never: {} } as const;

/** Entering a user namespace takes this back, and so does execve(2): it stands right before setuid(2). */
export const KEEP_CAPS = { do: "prctl", option: CONSTANTS.PR_SET_KEEPCAPS, args: [1, 0, 0, 0] } as const satisfies Step;

/** As proc is mounted by everybody. Source: mount(2), include/uapi/linux/mount.h. */
const [MS_NOSUID, MS_NODEV, MS_NOEXEC] = [2, 4, 8];

/** Once everything is joined, as nsenter: the working directory may be another by then. */
function keepingFolder(steps: readonly Step[], acts: readonly Act[], says: (act: Act) => Saying): readonly Step[] {
  const root = acts.find(({ act }) => act === "root");
  const at = steps.findIndex((step) => step.do === "fchdir");
  if (root === undefined || at === -1) return steps;
  const keep: Step = { do: "open", register: OLD_FOLDER, path: ".", says: says(root) };
  return [...steps.slice(0, at), keep, ...steps.slice(at)];
}

/** What was planned was opened. */
function open(fd: number | undefined): number {
  if (fd === undefined) throw new TypeError("a step without its descriptor");
  return fd;
}
