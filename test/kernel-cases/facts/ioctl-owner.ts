import { KINDS, type NamespaceKind } from "../../../src/abi/namespace-kinds.ts";
import type { ProcLink } from "../../../src/abi/proc-links.ts";
import type { Value } from "../../../src/kernel/call.ts";
import type { FactCase, Step } from "../fact-case.ts";
import { clone, fstat, ioctl, open, setresgid, setresuid, unshare, write } from "../script.ts";
import { linkId, ordinary, told } from "./standings.ts";

/** Who owns a namespace, and as whom the creator of a user namespace is shown. */
const uid = (value: Value): string => `uid ${told(value)}`;

/** Uid 1000's user namespace, in which it is 0; "U" sits in it, and the shell has its file. */
const OWNED: readonly Step[] = [
  ["shell", clone("owner")],
  ...ordinary(1000, "owner"),
  ["owner", clone("U", "user")],
  ["shell", write("U", "uid_map", "0 1000 1")],
  ["shell", open("U", "user")],
  ["U", open("U", "user")],
];
const shellHas = (gave: readonly unknown[]): number => Number(gave.at(-2));
const ownHas = (gave: readonly unknown[]): number => Number(gave.at(-1));

const CREATORS: FactCase[] = [
  {
    id: "ioctl.OWNER.init",
    before: OWNED,
    asks: ["shell", (_, gave) => ioctl(shellHas(gave), "NS_GET_OWNER_UID")],
    shows: uid,
  },
  {
    id: "ioctl.OWNER.inside.mapped",
    before: OWNED,
    asks: ["U", (_, gave) => ioctl(ownHas(gave), "NS_GET_OWNER_UID")],
    shows: uid,
  },
  {
    id: "ioctl.OWNER.initns.frominside",
    before: OWNED,
    asks: ["U", (fds) => ioctl(fds("user:init"), "NS_GET_OWNER_UID")],
    shows: uid,
  },
  {
    id: "ioctl.OWNER.sibling.unmapped",
    world: "user:U by 1000",
    before: [["shell", unshare("user")]],
    asks: ["shell", (fds) => ioctl(fds("user:U"), "NS_GET_OWNER_UID")],
    shows: uid,
  },
  {
    id: "ioctl.OWNER.euid",
    before: [
      ["shell", clone("maker")],
      ["maker", setresgid(1002)],
      ["maker", setresuid({ real: 1001, effective: 1002, saved: 1001 })],
      ["maker", unshare("user")],
      ["shell", open("maker", "user")],
    ],
    asks: ["shell", (_, gave) => ioctl(Number(gave.at(-1)), "NS_GET_OWNER_UID")],
    shows: uid,
  },
];

/** Where unshare puts a new one. */
const madeIn = (kind: NamespaceKind): ProcLink => (kind === "pid" || kind === "time" ? `${kind}_for_children` : kind);
const OWNERS = KINDS.filter((kind) => kind !== "user").map((kind): FactCase => ({
  id: `ioctl.owner.created_in_userns.${kind}`,
  before: [
    ["shell", clone("U", "user")],
    ["U", unshare(kind)],
    // A pid namespace has a file once somebody is in it.
    ["U", clone("child")],
    ["shell", open("U", madeIn(kind))],
  ],
  asks: ["shell", (_, gave) => ioctl(Number(gave.at(-1)), "NS_GET_USERNS")],
  shows: (owner, scene) => {
    const id = JSON.stringify(scene.call("shell", fstat(Number(owner))));
    return `${id === linkId(scene, "U", "user", "shell")}`;
  },
}));

export const IOCTL_OWNER_FACTS: readonly FactCase[] = [...CREATORS, ...OWNERS];
