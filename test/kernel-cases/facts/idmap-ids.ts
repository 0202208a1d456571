import type { Value } from "../../../src/kernel/call.ts";
import { ALL_CAPABILITIES } from "../../../src/abi/capabilities.ts";
import type { FactCase, Scene, Step } from "../fact-case.ts";
import { capset, clone, open, openMap, setgroups, setns, setresuid, status, unshare, write } from "../script.ts";
import { escaped, NEXT_FD, readMap } from "./map-steps.ts";

/** The setgroups file and setgroups(2), and what ids are where they have no number. */
const INSIDE: readonly Step[] = [["shell", unshare("user")]];
const own = (text: string): Step => ["shell", write("shell", "setgroups", text)];
const DENIED: readonly Step[] = [...INSIDE, own("deny")];
const ownMap: Step = ["shell", write("shell", "gid_map", "0 0 1")];
const showsState = (who: string) => (_: Value, scene: Scene) =>
  escaped(readMap(scene, { by: who, of: who, file: "setgroups" }));
/** The box has ten groups. */
const BOX: readonly Step[] = [["shell", clone("box", "user")]];
const GROUPS: readonly Step[] = [...BOX, ["shell", write("box", "gid_map", "0 0 10")]];

const SETGROUPS: readonly FactCase[] = [
  {
    id: "sg.initial",
    before: INSIDE,
    asks: ["shell", openMap("shell", "setgroups", "read")],
    shows: showsState("shell"),
  },
  { id: "sg.allow", before: INSIDE, asks: own("allow") },
  { id: "sg.den", before: INSIDE, asks: own("den") },
  { id: "sg.allowx", before: INSIDE, asks: own("allowx") },
  { id: "sg.DENY", before: INSIDE, asks: own("DENY") },
  { id: "sg.leading", before: INSIDE, asks: own(" deny") },
  { id: "sg.toolong", before: INSIDE, asks: own("deny\n\n\n\n") },
  { id: "sg.seven", before: INSIDE, asks: own("deny\n\n\n") },
  { id: "sg.deny2", before: DENIED, asks: own("deny") },
  { id: "sg.allow_after_deny", before: DENIED, asks: own("allow") },
  {
    id: "sg.after",
    before: [...DENIED, ["shell", write("shell", "setgroups", "allow"), "refusal"]],
    asks: ["shell", openMap("shell", "setgroups", "read")],
    shows: showsState("shell"),
  },
  { id: "sg.syscall.nomap", before: INSIDE, asks: ["shell", setgroups()] },
  {
    id: "sg.syscall.denied",
    before: [...BOX, ["shell", write("box", "setgroups", "deny")], ["shell", write("box", "gid_map", "0 0 10")]],
    asks: ["box", setgroups()],
  },
  { id: "sg.deny_after_map_when_deny", before: [...DENIED, ownMap], asks: own("deny") },
  {
    id: "sg.open.nocap",
    before: [...INSIDE, ["shell", capset()]],
    asks: ["shell", openMap("shell", "setgroups", "write")],
  },
  {
    id: "sg.open.nocap.rd",
    before: [...INSIDE, ["shell", capset()]],
    asks: ["shell", openMap("shell", "setgroups", "read")],
  },
  {
    id: "sg.inherit",
    before: [
      ...BOX,
      ["box", write("box", "setgroups", "deny")],
      ["shell", write("box", "uid_map", "0 0 1")],
      ["shell", write("box", "gid_map", "0 0 1")],
      ["box", clone("inner", "user")],
    ],
    asks: ["inner", openMap("inner", "setgroups", "read")],
    shows: showsState("inner"),
  },
  { id: "sg.deny_after_map", before: GROUPS, asks: ["shell", write("box", "setgroups", "deny")] },
  { id: "sg.allow_after_map", before: GROUPS, asks: ["shell", write("box", "setgroups", "allow")] },
  { id: "sg.syscall.ok", before: GROUPS, asks: ["box", setgroups(5)] },
  { id: "sg.syscall.unmapped", before: GROUPS, asks: ["box", setgroups(50)] },
  { id: "sg.init.deny", asks: own("deny") },
  { id: "sg.init.allow", asks: own("allow") },
];

const realUid = (value: Value | string): string =>
  typeof value === "object" && "ids" in value ? `${value.ids.real}` : "";
const uidLine = (value: Value | string): string =>
  typeof value === "object" && "status" in value ? `${value.status.uid.real}` : "";

/** Root of the initial user namespace joins one in which it has no number. */
const JOINED: readonly Step[] = [
  ...BOX,
  ["shell", write("box", "uid_map", "0 100000 1000")],
  ["shell", open("box", "user")],
  ["shell", setns(NEXT_FD, "user")],
];
const MAPPED: readonly Step[] = [...BOX, ["shell", write("box", "uid_map", "0 1000 1\n5 2000 5")]];

const IDS: readonly FactCase[] = [
  { id: "overflow.getuid", before: INSIDE, asks: ["shell", { op: "getresuid" }], shows: realUid },
  { id: "overflow.setuid0", before: INSIDE, asks: ["shell", setresuid(0)] },
  { id: "overflow.setuid_overflow", before: INSIDE, asks: ["shell", setresuid(65534)] },
  { id: "idmap.setns.unmapped.getuid", before: JOINED, asks: ["shell", { op: "getresuid" }], shows: realUid },
  { id: "idmap.setns.setuid0", before: JOINED, asks: ["shell", setresuid(0)] },
  {
    id: "idmap.setns.kuid",
    before: [...JOINED, ["shell", setresuid(0)]],
    asks: ["user:init", status("shell")],
    shows: uidLine,
  },
  {
    id: "idmap.setns.caps_after_setuid",
    before: [...JOINED, ["shell", setresuid(0)]],
    asks: ["user:init", status("shell")],
    shows: (value) =>
      `${typeof value === "object" && "status" in value && value.status.capabilities.effective === ALL_CAPABILITIES}`,
  },
  { id: "idmap.setuid.ok", before: MAPPED, asks: ["box", setresuid(7)] },
  {
    id: "idmap.setuid.kuid",
    before: [...MAPPED, ["box", setresuid(7)]],
    asks: ["shell", status("box")],
    shows: uidLine,
  },
];

export const ID_FACTS: readonly FactCase[] = [...SETGROUPS, ...IDS];
