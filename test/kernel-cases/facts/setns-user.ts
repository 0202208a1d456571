import { CAPABILITIES } from "../../../src/abi/capabilities.ts";
import { CONSTANTS } from "../../../src/abi/constants.ts";
import type { Call, SeenCredentials } from "../../../src/kernel/call.ts";
import type { FactCase, Scene, Step } from "../fact-case.ts";
import { clone, dumpable, open, setns, setresgid, setresuid, status, unshare, write } from "../script.ts";
import { ordinary, told } from "./standings.ts";

/** What becomes of credentials by joining or making a user namespace. */
const { SECBIT_NOROOT, SECBIT_KEEP_CAPS } = CONSTANTS;
const getDumpable: Step = ["shell", { op: "get-dumpable" }];

/** Uid 1000 whose capabilities are held down in every way that there is. */
const bound: Step[] = [
  ["shell", { op: "set-securebits", bits: SECBIT_NOROOT | SECBIT_KEEP_CAPS }],
  ...CAPABILITIES.filter((name) => name !== "CAP_SETPCAP").map((capability): Step => [
    "shell",
    { op: "drop-bounding", capability },
  ]),
  ["shell", { op: "set-no-new-privs" }],
  ["shell", setresgid(1000)],
  ["shell", setresuid(1000)],
];
/** U1 is uid 1000's and shows it as 0; U2 lies below, without maps. The shell has files of both. */
const NESTED: readonly Step[] = [
  ["shell", clone("owner")],
  ...ordinary(1000, "owner"),
  ["owner", clone("U1", "user")],
  ["shell", write("U1", "uid_map", "0 1000 1")],
  ["shell", write("U1", "gid_map", "0 1000 1")],
  ["U1", clone("U2", "user")],
  ["shell", open("U1", "user")],
  ["shell", open("U2", "user")],
];
const U1_FILE = NESTED.length - 2;
const joins = (which: 1 | 2): Step => ["shell", (_, gave) => setns(Number(gave[U1_FILE - 1 + which]), "user")];
const enter: Step[] = [...NESTED, ...bound, joins(1)];

const credentials = (scene: Scene): SeenCredentials | undefined => {
  const seen = scene.call("shell", status("shell"));
  return typeof seen === "object" && "status" in seen ? seen.status : undefined;
};
const hex = (set: bigint | undefined): string => (set ?? 0n).toString(16).padStart(16, "0");
const securebits = (scene: Scene): string =>
  `sb=0x${Number(scene.call("shell", { op: "get-securebits" })).toString(16)}`;
const ownStatus: Step = ["shell", status("shell")];

function setsAndBits(scene: Scene): string {
  const sets = credentials(scene)?.capabilities;
  const inOrder = [sets?.inheritable, sets?.permitted, sets?.effective, sets?.bounding, sets?.ambient];
  return `${inOrder.map(hex).join("/")} ${securebits(scene)}`;
}

const CREDS: FactCase[] = [
  { id: "setns.user.creds.call", before: [...NESTED, ...bound], asks: joins(1) },
  {
    id: "setns.user.creds.before",
    before: [...NESTED, ...bound],
    asks: ownStatus,
    shows: (_, scene) => setsAndBits(scene),
  },
  { id: "setns.user.creds.after", before: enter, asks: ownStatus, shows: (_, scene) => setsAndBits(scene) },
  {
    id: "setns.user.creds.uid",
    before: enter,
    asks: ownStatus,
    shows: (_, scene) => uidLine(scene),
  },
  {
    id: "setns.user.creds.nnp",
    before: enter,
    asks: ownStatus,
    shows: (_, scene) => (credentials(scene)?.noNewPrivs === true ? "1" : "0"),
  },
  { id: "setns.user.dumpable", before: enter, asks: getDumpable, shows: told },
  { id: "setns.user.back", before: enter, asks: ["shell", (fds) => setns(fds("user:init"), "user")] },
  { id: "setns.user.deeper", before: enter, asks: joins(2) },
  { id: "setns.user.grandchild_direct", before: NESTED, asks: joins(2) },
  {
    id: "setns.user.unmapped.uid",
    before: [...NESTED, joins(2)],
    asks: ownStatus,
    shows: (_, scene) => uidLine(scene),
  },
  {
    id: "setns.user.chrooted",
    before: [...NESTED, ["shell", { op: "chroot", path: "/tmp" }]],
    asks: joins(1),
  },
];

function uidLine(scene: Scene): string {
  const uid = credentials(scene)?.uid;
  return [uid?.real, uid?.effective, uid?.saved, uid?.fs].join("\t");
}

/** The owner's uid is real and saved, not effective. */
const realOwner: Step[] = [
  ...NESTED,
  ["shell", setresgid(1000)],
  ["shell", setresuid({ real: 1000, effective: 2000, saved: 1000 })],
];
const OWNERS: FactCase[] = [
  { id: "setns.user.ruid_owner", before: realOwner, asks: joins(1) },
  {
    id: "setns.user.ruid_owner.seteuid",
    before: [...realOwner, ["shell", setresuid({ real: -1, effective: 1000, saved: -1 })]],
    asks: joins(1),
  },
];

const TREE = "user:init\n  user:U1 by 1000\n    user:U2 by 100000";
const enters = (name: string): Step => ["shell", (fds) => setns(fds(`user:${name}`), "user")];
const dumpableAfter = (id: string, ...before: Step[]): FactCase => ({
  id,
  world: TREE,
  before,
  asks: getDumpable,
  shows: told,
});
const DUMPABLE: FactCase[] = [
  dumpableAfter("setns.user.dumpable.root.before"),
  dumpableAfter("setns.user.dumpable.root", enters("U1")),
  dumpableAfter("setns.user.dumpable.owner", ...ordinary(1000), enters("U1")),
  dumpableAfter("setns.user.dumpable.chain", ...ordinary(1000), enters("U2")),
  dumpableAfter("unshare.user.dumpable", ...ordinary(1000), ["shell", unshare("user")]),
  {
    id: "setns.user.dumpable.root.procself",
    world: TREE,
    before: [enters("U1")],
    asks: ["shell", open("shell", "net")],
  },
];

const LOCKED = 0x2f;
const dropRaw: Call = { op: "drop-bounding", capability: "CAP_NET_RAW" };
const UNSHARED: FactCase[] = [
  {
    id: "unshare.user.creds",
    before: [
      ["shell", { op: "set-securebits", bits: LOCKED }],
      ["shell", { op: "set-no-new-privs" }],
      ["shell", dropRaw],
      ["shell", dumpable],
      ["shell", unshare("user")],
    ],
    asks: ownStatus,
    shows: (_, scene) => {
      const seen = credentials(scene);
      const sets = seen?.capabilities;
      const line = (name: string, set: bigint | undefined): string => `Cap${name}:\t${hex(set)}`;
      const lines = [line("Inh", sets?.inheritable), line("Prm", sets?.permitted), line("Eff", sets?.effective)];
      const noNewPrivs = `NoNewPrivs:\t${seen?.noNewPrivs === true ? 1 : 0}`;
      return [...lines, line("Bnd", sets?.bounding), noNewPrivs, securebits(scene)].join(" ");
    },
  },
];

export const SETNS_USER_FACTS: readonly FactCase[] = [...CREDS, ...OWNERS, ...DUMPABLE, ...UNSHARED];
