import type { FactCase, Step } from "../fact-case.ts";
import { capset, clone, dumpable, openMap, pwrite, setresgid, setresuid, unshare, write, writeFd } from "../script.ts";
import { allBut, become, escaped, inShort, NEXT_FD, readMap, sharing } from "./map-steps.ts";

/** The open file: who opened it, how often it is written, and who reads it. */
const OPENED: readonly Step[] = [
  ["shell", clone("box", "user")],
  ["shell", openMap("box", "uid_map", "write")],
];
const WRITTEN: readonly Step[] = [...OPENED, ["shell", writeFd(NEXT_FD, "0 0 1")]];

const ONE_FILE: readonly FactCase[] = [
  { id: "map.init.write", asks: ["shell", write("shell", "uid_map", "0 0 1")] },
  { id: "map.offset", before: OPENED, asks: ["shell", pwrite(NEXT_FD, "0 0 1", 1)] },
  { id: "map.first", before: OPENED, asks: ["shell", writeFd(NEXT_FD, "0 0 1")] },
  { id: "map.sameFd.second", before: WRITTEN, asks: ["shell", writeFd(NEXT_FD, "0 0 1")] },
  { id: "map.second.pwrite0", before: WRITTEN, asks: ["shell", pwrite(NEXT_FD, "0 0 1", 0)] },
  { id: "map.second.invalid", before: WRITTEN, asks: ["shell", pwrite(NEXT_FD, "xyz", 0)] },
  { id: "map.fail_then_ok.bad", before: OPENED, asks: ["shell", writeFd(NEXT_FD, "xyz")] },
  {
    id: "map.fail_then_ok",
    before: [...OPENED, ["shell", writeFd(NEXT_FD, "xyz"), "refusal"]],
    asks: ["shell", writeFd(NEXT_FD, "0 0 1")],
  },
  {
    id: "map.self.open_then_drop",
    before: [
      ...become("shell", 1000),
      ["shell", unshare("user")],
      ["shell", openMap("shell", "uid_map", "write")],
      ["shell", capset()],
    ],
    asks: ["shell", writeFd(NEXT_FD, "0 1000 1")],
  },
];

/** The inner task is uid 1000 in a user namespace of its own; it and the shell have their descriptors in common. */
const INNER: readonly Step[] = [sharing("inner"), ...become("inner", 1000), ["inner", unshare("user")]];
const OPENED_INSIDE: readonly Step[] = [...INNER, ["inner", openMap("inner", "uid_map", "write")]];
const OPENED_BY_ROOT: readonly Step[] = [...INNER, ["shell", openMap("inner", "uid_map", "write")]];

const TWO_TASKS: readonly FactCase[] = [
  {
    id: "map.opener.child_writer.root",
    before: OPENED_INSIDE,
    asks: ["shell", writeFd(NEXT_FD, "0 1000 2")],
  },
  {
    id: "map.opener.child_writer.root.own",
    before: OPENED_INSIDE,
    asks: ["shell", pwrite(NEXT_FD, "0 1000 1", 0)],
  },
  {
    id: "map.opener.root_writer.child",
    before: OPENED_BY_ROOT,
    asks: ["inner", writeFd(NEXT_FD, "0 1000 2")],
  },
  {
    id: "map.opener.root_writer.nocap.own1000",
    before: [...OPENED_BY_ROOT, sharing("plain"), ...become("plain", 1000)],
    asks: ["plain", writeFd(NEXT_FD, "0 1000 1")],
  },
  {
    id: "sg.opener",
    before: [
      ["shell", clone("box", "user")],
      ["shell", openMap("box", "setgroups", "write")],
      sharing("plain"),
      ...become("plain", 2000),
    ],
    asks: ["plain", writeFd(NEXT_FD, "deny")],
  },
];

/** One below the other: in the inner one, ids are numbers of the outer one. */
const nested = (outerMap: string): Step[] => [
  ["shell", clone("outer", "user")],
  ["shell", write("outer", "uid_map", outerMap)],
  ["shell", write("outer", "gid_map", outerMap)],
  ["outer", setresgid(0)],
  ["outer", setresuid(0)],
  ["outer", dumpable],
  ["outer", clone("inner", "user")],
];
const PLAIN = nested("0 0 65536");
const SHIFTED = nested("0 100000 65536");
const MAPPED: readonly Step[] = [...SHIFTED, ["outer", write("inner", "uid_map", "5 10 20")]];

const TWO_LEVELS: readonly FactCase[] = [
  { id: "map.grandparent", before: PLAIN, asks: ["shell", write("inner", "uid_map", "0 0 1")] },
  { id: "map.grandparent.setgroups", before: PLAIN, asks: ["shell", write("inner", "setgroups", "deny")] },
  { id: "map.parent_of_u2", before: PLAIN, asks: ["outer", write("inner", "uid_map", "0 0 10")] },
  { id: "map.parent_of_u2.unmapped", before: PLAIN, asks: ["outer", write("inner", "gid_map", "0 70000 1")] },
  { id: "map.parent_of_u2.partial", before: PLAIN, asks: ["outer", write("inner", "gid_map", "0 65530 10")] },
  {
    id: "map.nested.root_nosetfcap",
    before: [...SHIFTED, ["outer", allBut("CAP_SETFCAP")]],
    asks: ["outer", write("inner", "uid_map", "0 0 1")],
  },
  {
    id: "map.nested.nonroot_nosetfcap",
    before: [...SHIFTED, ["outer", allBut("CAP_SETFCAP")]],
    asks: ["outer", write("inner", "uid_map", "0 1 10")],
  },
];

const reads = (id: string, before: readonly Step[], by: string, of: string): FactCase => ({
  id,
  before,
  asks: [by, openMap(of, "uid_map", "read")],
  shows: (_, scene) => inShort(readMap(scene, { by, of, file: "uid_map" })),
});

const READERS: readonly FactCase[] = [
  {
    id: "map.init",
    asks: ["shell", openMap("shell", "uid_map", "read")],
    shows: (_, scene) => escaped(readMap(scene, { by: "shell", of: "shell", file: "uid_map" })),
  },
  reads("map.read.by_parent", [...PLAIN, ["outer", write("inner", "uid_map", "0 0 10")]], "shell", "inner"),
  reads("map.read.init", MAPPED, "shell", "inner"),
  reads("map.read.parent", MAPPED, "outer", "inner"),
  reads("map.read.self", MAPPED, "inner", "inner"),
  reads("map.read.initmap.fromchild", MAPPED, "inner", "shell"),
  reads("map.read.sibling.unmapped", [...MAPPED, ["shell", clone("sibling", "user")]], "sibling", "inner"),
];

export const MAP_FILE_FACTS: readonly FactCase[] = [...ONE_FILE, ...TWO_TASKS, ...TWO_LEVELS, ...READERS];
