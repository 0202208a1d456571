import { CLONE_FLAGS } from "../../../src/abi/constants.ts";
import { KINDS, NAMESPACE_KINDS, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import type { ProcLink } from "../../../src/abi/proc-links.ts";
import type { FactCase, Scene, Step } from "../fact-case.ts";
import { fstat, ioctl, open, unshare } from "../script.ts";
import {
  cloneWith,
  flagOf,
  linkId,
  ordinary,
  secondThread,
  THREAD,
  unshareFlags,
  within,
  withoutCapabilities,
} from "./standings.ts";

/** Making each kind of namespace: by unshare and clone3, by every standing, alone and with a user namespace. */
const OTHERS = KINDS.filter((kind): kind is Exclude<NamespaceKind, "user"> => kind !== "user");
const IN_U = "user:init\n  user:U";

/** Where unshare puts a new one. */
const MADE_IN: Readonly<Record<NamespaceKind, ProcLink>> = {
  cgroup: "cgroup",
  ipc: "ipc",
  mnt: "mnt",
  net: "net",
  pid: "pid_for_children",
  time: "time_for_children",
  user: "user",
  uts: "uts",
};

const standings: Readonly<Record<string, { readonly world?: string; readonly before: readonly Step[] }>> = {
  root: { before: [] },
  nobody: { before: ordinary(1000) },
  userns_root: { world: IN_U, before: [within("user:U")] },
  userns_nocap: { world: IN_U, before: [within("user:U"), withoutCapabilities()] },
};

function alone(): FactCase[] {
  const cases: FactCase[] = [];
  for (const [standing, scene] of Object.entries(standings)) {
    for (const kind of KINDS) {
      cases.push({ id: `create.unshare.${standing}.${kind}`, ...scene, asks: ["shell", unshare(kind)] });
      if (standing.startsWith("userns")) continue;
      const asks: Step = ["shell", cloneWith("child", flagOf(kind))];
      cases.push({ id: `create.clone3.${standing}.${kind}`, ...scene, asks });
    }
  }
  return cases;
}

/** Whether the namespace that "shell" just made is owned by the user namespace it is in. */
function ownedByNewUser(scene: Scene, kind: NamespaceKind): string {
  // A pid namespace has a file once somebody is in it.
  if (kind === "pid") scene.call("shell", cloneWith("child", 0));
  const fd = scene.call("shell", open("shell", MADE_IN[kind]));
  const owner = scene.call("shell", ioctl(Number(fd), "NS_GET_USERNS"));
  const id = JSON.stringify(scene.call("shell", fstat(Number(owner))));
  return String(id === linkId(scene, "shell", "user"));
}

const withUser = OTHERS.flatMap((kind): FactCase[] => {
  const asks: Step = ["shell", unshare("user", kind)];
  const before = ordinary(1000);
  const shows: FactCase["shows"] = (_, scene) => ownedByNewUser(scene, kind);
  return [
    { id: `create.unshare.user_plus.nobody.${kind}`, before, asks },
    { id: `create.owner.user_plus.${kind}`, before, asks, shows },
  ];
});

const ALL = flagOf(...KINDS);
const { CLONE_VM, CLONE_FS, CLONE_FILES, CLONE_SIGHAND, CLONE_VFORK, CLONE_PARENT, CLONE_THREAD, CLONE_SYSVSEM } =
  CLONE_FLAGS;
const { CLONE_PIDFD } = CLONE_FLAGS;

const flagsOfUnshare: FactCase[] = [
  { id: "create.unshare.user_plus_all7.nobody", before: ordinary(1000), asks: ["shell", unshareFlags(ALL)] },
  { id: "create.clone3.user_plus_all7.nobody", before: ordinary(1000), asks: ["shell", cloneWith("child", ALL)] },
  { id: "create.unshare.0", before: ordinary(1000), asks: ["shell", unshareFlags(0)] },
  { id: "create.unshare.bad", before: ordinary(1000), asks: ["shell", unshareFlags(1)] },
  { id: "create.unshare.bad.nocap", asks: ["shell", unshareFlags(flagOf("uts") | CLONE_VFORK)] },
  { id: "create.unshare.CLONE_PIDFD", asks: ["shell", unshareFlags(CLONE_PIDFD)] },
  { id: "create.unshare.CLONE_PARENT", asks: ["shell", unshareFlags(CLONE_PARENT)] },
  { id: "create.unshare.thread", asks: ["shell", unshareFlags(CLONE_THREAD | CLONE_SIGHAND | CLONE_VM)] },
];

/** With a second thread, and where another process shares root or memory. */
const shared: FactCase[] = [
  ...KINDS.map((kind): FactCase => ({
    id: `create.mt.unshare.${kind}`,
    before: [secondThread()],
    asks: ["shell", unshare(kind)],
  })),
  ...Object.entries({ CLONE_FS, CLONE_FILES, CLONE_SYSVSEM, CLONE_THREAD, CLONE_SIGHAND, CLONE_VM }).map(
    ([name, flag]): FactCase => ({
      id: `create.mt.unshare.${name}`,
      before: [secondThread()],
      asks: ["shell", unshareFlags(flag)],
    }),
  ),
  ...(["user", "net"] as const).map((kind): FactCase => ({
    id: `create.mt.order.${kind}`,
    before: [...ordinary(1000), secondThread()],
    asks: ["shell", unshare(kind)],
  })),
  ...Object.entries({ FS: CLONE_FS, VM: CLONE_VM }).flatMap(([name, flag]) =>
    (["user", "mnt", "time"] as const).map((kind): FactCase => ({
      id: `create.share.${name}.${kind}`,
      before: [["shell", cloneWith("sharer", flag)]],
      asks: ["shell", unshare(kind)],
    })),
  ),
  ...KINDS.filter((kind) => kind !== "time").map((kind): FactCase => ({
    id: `create.clone.THREAD|${kind}`,
    asks: ["shell", cloneWith("thread", THREAD | NAMESPACE_KINDS[kind].flag)],
  })),
  ...(["user", "pid", "net"] as const).map((kind): FactCase => ({
    id: `create.clone.NEW${kind.toUpperCase()}|VM|VFORK`,
    asks: ["shell", cloneWith("child", CLONE_VM | CLONE_VFORK | NAMESPACE_KINDS[kind].flag)],
  })),
  {
    id: "create.order.clone_newuser_newpid_thread",
    before: [secondThread()],
    asks: ["shell", cloneWith("child", flagOf("pid"))],
  },
];

export const CREATE_KIND_FACTS: readonly FactCase[] = [...alone(), ...withUser, ...flagsOfUnshare, ...shared];
