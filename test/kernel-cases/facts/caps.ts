import { ALL_CAPABILITIES, CAPABILITIES } from "../../../src/abi/capabilities.ts";
import type { SeenCredentials, Value } from "../../../src/kernel/call.ts";
import type { FactCase, Step } from "../fact-case.ts";
import {
  capset,
  clone,
  dumpable,
  ioctl,
  open,
  setns,
  setresgid,
  setresuid,
  status,
  unshare,
  write,
} from "../script.ts";
import { become, NEXT_FD } from "./map-steps.ts";

/** Who has capabilities over which user namespace, and what becomes of them. */

/** U1 is uid 1000's and maps it to 0; U2 in it was made by its uid 5, which is 100004 outside. */
const OUTER_MAP = "0 1000 1\n1 100000 65535";
const NESTED: readonly Step[] = [
  ["shell", clone("owner")],
  ...become("owner", 1000),
  ["owner", clone("U1", "user")],
  ["shell", write("U1", "uid_map", OUTER_MAP)],
  ["shell", write("U1", "gid_map", OUTER_MAP)],
  ["U1", clone("maker")],
  ["maker", setresgid(5)],
  ["maker", setresuid(5)],
  ["maker", dumpable],
  ["maker", clone("U2", "user")],
  ["shell", open("U1", "user")],
  ["shell", open("U2", "user")],
];
const [U1, U2] = [NEXT_FD, NEXT_FD + 1];
const enterU1: Step = ["shell", setns(U1, "user")];
const inU1 = (uid: number, caps?: Step[1]): Step[] => [
  ...NESTED,
  enterU1,
  ["shell", setresuid(uid)],
  ...(caps === undefined ? [] : [["shell", caps] as const]),
];

const WALK: readonly FactCase[] = [
  {
    id: "cap.owner.kuid",
    before: NESTED,
    asks: ["shell", ioctl(U2, "NS_GET_OWNER_UID")],
    shows: String,
  },
  {
    id: "cap.walk.owner_of_U1_on_U2",
    before: [...NESTED, ...become("shell", 1000)],
    asks: ["shell", setns(U2, "user")],
  },
  {
    id: "cap.walk.owner_of_U2_not_in_parent",
    before: [...NESTED, ...become("shell", 100_004)],
    asks: ["shell", setns(U2, "user")],
  },
  { id: "cap.walk.owner_of_U2_in_parent", before: inU1(5, capset()), asks: ["shell", setns(U2, "user")] },
  { id: "cap.walk.other_in_parent", before: inU1(6, capset()), asks: ["shell", setns(U2, "user")] },
  { id: "cap.walk.U1_capped", before: inU1(0), asks: ["shell", setns(U2, "user")] },
  { id: "cap.walk.U1_netadmin_only", before: inU1(0, capset("CAP_NET_ADMIN")), asks: ["shell", setns(U2, "user")] },
];

const OWNED: readonly Step[] = [
  ["shell", clone("owner")],
  ...become("owner", 1000),
  ["owner", clone("U1", "user")],
  ["shell", open("U1", "user")],
];
const ids = (real: number, effective: number): Step => ["shell", setresuid({ real, effective, saved: real })];
const JOINS: Step = ["shell", setns(NEXT_FD, "user")];
/** SECBIT_NOROOT and SECBIT_NO_SETUID_FIXUP with their locks, and the lock of SECBIT_KEEP_CAPS. */
const LOCKED = 0x2f;

const OWNER: readonly FactCase[] = [
  {
    id: "cap.owner.nnp",
    before: [...OWNED, ...become("shell", 1000), ["shell", { op: "set-no-new-privs" }]],
    asks: JOINS,
  },
  {
    id: "cap.owner.securebits",
    before: [
      ...OWNED,
      ...CAPABILITIES.map((capability): Step => ["shell", { op: "drop-bounding", capability }]),
      ["shell", { op: "set-securebits", bits: LOCKED }],
      ...become("shell", 1000),
      ["shell", capset()],
    ],
    asks: JOINS,
  },
  { id: "cap.owner.euid_differs", before: [...OWNED, ids(1000, 3000)], asks: JOINS },
  { id: "cap.owner.euid_only", before: [...OWNED, ["shell", setresgid(3000)], ids(3000, 1000)], asks: JOINS },
  {
    id: "cap.owner.fsuid",
    before: [...OWNED, ids(1000, 3000), ["shell", { op: "setfsuid", id: 1000 }]],
    asks: JOINS,
  },
];

const credentials = (value: Value): SeenCredentials => {
  if (typeof value !== "object" || !("status" in value)) throw new Error("status gives credentials");
  return value.status;
};
const hex = (set: bigint): string => set.toString(16).padStart(16, "0");
const showsEffective = (value: Value): string => `CapEff:\t${hex(credentials(value).capabilities.effective)}\\n`;
const INSIDE: readonly Step[] = [...become("shell", 1000), ["shell", unshare("user")]];
const ownMap = (text: string): Step => ["shell", write("shell", "uid_map", text)];
const OWN_STATUS: Step = ["shell", status("shell")];
const exec: Step = ["shell", { op: "exec" }];

const CHANGES: readonly FactCase[] = [
  { id: "cap.inside.dropped", before: [...INSIDE, ["shell", capset()]], asks: ["shell", unshare("uts")] },
  { id: "cap.exec.unmapped", before: [...INSIDE, exec], asks: OWN_STATUS, shows: showsEffective },
  { id: "cap.exec.root", before: [...INSIDE, ownMap("0 1000 1"), exec], asks: OWN_STATUS, shows: showsEffective },
  { id: "cap.exec.nonroot", before: [...INSIDE, ownMap("1000 1000 1"), exec], asks: OWN_STATUS, shows: showsEffective },
  {
    id: "cap.setuid.in_userns",
    before: [...inU1(0), ["shell", setresuid(5)]],
    asks: OWN_STATUS,
    shows: (value) =>
      credentials(value).capabilities.effective === 0n ? "false (cleared, 0 = ns-root)" : "true (kept)",
  },
  {
    id: "cap.newuser.full",
    before: INSIDE,
    asks: OWN_STATUS,
    shows: (value) => `${credentials(value).capabilities.effective === ALL_CAPABILITIES}`,
  },
  {
    id: "cap.status.uid.view",
    before: NESTED,
    asks: ["shell", status("maker")],
    shows: (value) => {
      const { real, effective, saved, fs } = credentials(value).uid;
      return ["Uid:", real, effective, saved, fs].join("\t");
    },
  },
  {
    id: "cap.status.from_init",
    before: [["shell", clone("box", "user")]],
    asks: ["shell", status("box")],
    shows: (value) => hex(credentials(value).capabilities.effective),
  },
];

export const CAPABILITY_FACTS: readonly FactCase[] = [...WALK, ...OWNER, ...CHANGES];
