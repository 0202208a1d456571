import type { FactCase, Step } from "../fact-case.ts";
import { capset, clone, dumpable, setgroups, setresgid, setresuid, unshare, write } from "../script.ts";
import { allBut, become, becomeWith } from "./map-steps.ts";

/** Who may write which map: from inside, and from the parent. */
const INSIDE: readonly Step[] = [...become("shell", 1000), ["shell", unshare("user")]];
const own = (file: "uid_map" | "gid_map" | "setgroups", text: string): Step => ["shell", write("shell", file, text)];
const rootWith = (caps: Step[1]): Step[] => [
  ["shell", caps],
  ["shell", unshare("user")],
];
const inside = (euid: number): Step[] => [
  ["shell", setresuid({ real: 1000, effective: euid, saved: euid })],
  ["shell", dumpable],
  ["shell", unshare("user")],
];

const FROM_INSIDE: readonly FactCase[] = [
  { id: "map.self.own", before: INSIDE, asks: own("uid_map", "0 1000 1") },
  { id: "map.self.ident", before: INSIDE, asks: own("uid_map", "1000 1000 1") },
  { id: "map.self.any_inside", before: INSIDE, asks: own("uid_map", "4000000000 1000 1") },
  { id: "map.self.other", before: INSIDE, asks: own("uid_map", "0 1001 1") },
  { id: "map.self.root", before: INSIDE, asks: own("uid_map", "0 0 1") },
  { id: "map.self.count2", before: INSIDE, asks: own("uid_map", "0 1000 2") },
  { id: "map.self.twolines", before: INSIDE, asks: own("uid_map", "0 1000 1\n1 1001 1") },
  { id: "map.self.gid.nodeny", before: INSIDE, asks: own("gid_map", "0 1000 1") },
  { id: "map.self.gid.deny", before: [...INSIDE, own("setgroups", "deny")], asks: own("gid_map", "0 1000 1") },
  { id: "map.self.gid.deny.other", before: [...INSIDE, own("setgroups", "deny")], asks: own("gid_map", "0 5 1") },
  {
    id: "map.self.gid.supplementary",
    before: [["shell", setgroups(2000)], ...INSIDE, own("setgroups", "deny")],
    asks: own("gid_map", "0 2000 1"),
  },
  { id: "map.self.ruid", before: inside(1001), asks: own("uid_map", "0 1000 1") },
  { id: "map.self.euid", before: inside(1001), asks: own("uid_map", "0 1001 1") },
  { id: "map.self.root.by_creator", before: [["shell", unshare("user")]], asks: own("uid_map", "0 0 1") },
  { id: "map.self.root.range", before: [["shell", unshare("user")]], asks: own("uid_map", "0 0 65536") },
  { id: "map.self.root.nosetfcap", before: rootWith(allBut("CAP_SETFCAP")), asks: own("uid_map", "0 0 1") },
  {
    id: "map.self.root.nosetfcap.parent",
    before: [
      ["shell", clone("maker")],
      ["maker", allBut("CAP_SETFCAP")],
      ["maker", unshare("user")],
      ["maker", write("maker", "uid_map", "0 0 1"), "refusal"],
    ],
    asks: ["shell", write("maker", "uid_map", "0 0 1")],
  },
  { id: "map.self.root.nocaps", before: rootWith(capset()), asks: own("uid_map", "0 0 1") },
  { id: "map.self.root.onlysetfcap", before: rootWith(capset("CAP_SETFCAP")), asks: own("uid_map", "0 0 1") },
  { id: "map.self.root.gid", before: rootWith(capset("CAP_SETFCAP")), asks: own("gid_map", "0 0 1") },
  {
    id: "map.self.root.gid.deny",
    before: [...rootWith(capset("CAP_SETFCAP")), own("setgroups", "deny")],
    asks: own("gid_map", "0 0 1"),
  },
  {
    id: "map.self.nondumpable",
    before: [
      ["shell", setresgid(1000)],
      ["shell", setresuid(1000)],
      ["shell", unshare("user")],
    ],
    asks: own("uid_map", "0 1000 1"),
  },
  {
    id: "map.sameuserns.other",
    before: [...INSIDE, ["shell", clone("other")]],
    asks: ["other", write("shell", "uid_map", "0 1000 1")],
  },
  { id: "map.self.nocaps_inside", before: [...INSIDE, ["shell", capset()]], asks: own("uid_map", "0 1000 1") },
  {
    id: "map.self.nocaps_inside.setgroups",
    before: [...INSIDE, ["shell", capset()]],
    asks: own("setgroups", "deny"),
  },
];

/** A user namespace made by uid 1000, and others in the parent. */
const BOX: readonly Step[] = [
  ["shell", clone("owner")],
  ...become("owner", 1000),
  ["owner", clone("box", "user")],
  ["shell", clone("writer")],
];
const OTHER = "CAP_DAC_OVERRIDE";
const parent = (id: string, before: readonly Step[], file: Parameters<typeof write>[1], text: string): FactCase => ({
  id: `map.parent.${id}`,
  before: [...BOX, ...before],
  asks: ["writer", write("box", file, text)],
});

const FROM_PARENT: readonly FactCase[] = [
  parent("owner.nocap", become("writer", 1000), "uid_map", "0 1000 1"),
  parent("owner.nocap.range", become("writer", 1000), "uid_map", "0 1000 2"),
  parent("owner.setuid.range", becomeWith("writer", 1000, "CAP_SETUID"), "uid_map", "0 1000 2"),
  parent("other.nocap", become("writer", 2000), "uid_map", "0 2000 1"),
  parent("other.dac", becomeWith("writer", 2000, OTHER), "uid_map", "0 2000 1"),
  parent("other.dac.setuid", becomeWith("writer", 2000, OTHER, "CAP_SETUID"), "uid_map", "0 1000 2"),
  parent("other.dac.sysadmin", becomeWith("writer", 2000, OTHER, "CAP_SYS_ADMIN"), "uid_map", "0 1000 2"),
  parent("other.dac.sysadmin.own", becomeWith("writer", 2000, OTHER, "CAP_SYS_ADMIN"), "uid_map", "0 2000 1"),
  parent("other.sa.su", becomeWith("writer", 2000, OTHER, "CAP_SYS_ADMIN", "CAP_SETUID"), "uid_map", "0 1000 2"),
  parent("other.sa.su.zero", becomeWith("writer", 2000, OTHER, "CAP_SYS_ADMIN", "CAP_SETUID"), "uid_map", "0 0 1"),
  parent(
    "other.sa.su.sf.zero",
    becomeWith("writer", 2000, OTHER, "CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETFCAP"),
    "uid_map",
    "0 0 1",
  ),
  parent(
    "other.sa.su.zeroinrange",
    becomeWith("writer", 2000, OTHER, "CAP_SYS_ADMIN", "CAP_SETUID"),
    "uid_map",
    "0 0 100",
  ),
  parent(
    "other.sa.su.zero2nd",
    becomeWith("writer", 2000, OTHER, "CAP_SYS_ADMIN", "CAP_SETUID"),
    "uid_map",
    "1 1 10\n0 0 1",
  ),
  parent("gid.owner.nocap", become("writer", 1000), "gid_map", "0 1000 1"),
  parent("gid.sg", becomeWith("writer", 2000, OTHER, "CAP_SYS_ADMIN", "CAP_SETGID"), "gid_map", "0 0 100"),
  parent("gid.owner.setgid", becomeWith("writer", 1000, "CAP_SETGID"), "gid_map", "0 1000 2"),
  parent("projid.nocap", become("writer", 1000), "projid_map", "0 0 100"),
  parent("projid.other", becomeWith("writer", 2000, OTHER), "projid_map", "0 0 100"),
  parent("setgroups", become("writer", 1000), "setgroups", "deny"),
  parent("setgroups.other", become("writer", 2000), "setgroups", "deny"),
  {
    id: "map.parent.after_drop",
    before: [...BOX, ["box", capset()], ["box", write("box", "uid_map", "0 1000 1"), "refusal"]],
    asks: ["owner", write("box", "uid_map", "0 1000 1")],
  },
];

export const MAP_WRITER_FACTS: readonly FactCase[] = [...FROM_INSIDE, ...FROM_PARENT];
