import { CLONE_FLAGS } from "../../src/abi/constants.ts";
import { taskName } from "../../src/kernel/call.ts";
import {
  capset,
  clone,
  dumpable,
  open,
  openMap,
  pwrite,
  read,
  refused,
  setns,
  setresuid,
  SHELL,
  unshare,
  write,
  writeFd,
  type Line,
  type Script,
} from "./script.ts";

/** The files by which a user namespace gets its ids: each script has one check win over those that come after it. */
const TOO_LONG = "0 0 1".padEnd(4096);
const box: Line = [SHELL, clone("box", "user"), "done"];
const mapped: Line = [SHELL, write("box", "uid_map", "0 0 65536"), 9];
const groups: Line = [SHELL, write("box", "gid_map", "0 0 65536"), 9];
/** What the kernel takes for white space, but for the end of a line. */
const BLANKS = ["\t", "\v", "\f", "\r", " ", "\xa0"];
/** One row of ten columns each. */
const row = (inside: number, outside: number, count: number): string =>
  `${[inside, outside, count].map((value) => String(value).padStart(10)).join(" ")}\n`;

const ORDER: readonly Script[] = [
  {
    title: "the initial map is refused before anything else is looked at",
    uid: 0,
    lines: [
      [SHELL, openMap(SHELL, "uid_map", "write"), 0],
      [SHELL, writeFd(0, TOO_LONG), refused("EPERM", "map-of-initial")],
    ],
  },
  {
    title: "where the opener is comes before the length, the length before the map, the map before the text",
    uid: 0,
    lines: [
      box,
      mapped,
      groups,
      ["box", clone("inner", "user"), "done"],
      [SHELL, write("inner", "uid_map", TOO_LONG), refused("EPERM", "map-from-elsewhere")],
      [SHELL, write("box", "uid_map", TOO_LONG), refused("EINVAL", "map-too-long")],
      [SHELL, write("box", "uid_map", "nonsense"), refused("EPERM", "map-already-set")],
    ],
  },
  {
    title: "the opener's capability comes before the text, unless project ids are mapped",
    uid: 1000,
    lines: [
      [SHELL, unshare("user"), 0],
      [SHELL, capset(), 0],
      [SHELL, write(SHELL, "uid_map", "nonsense"), refused("EPERM", "opener-no-admin-over-map")],
      [SHELL, write(SHELL, "projid_map", "nonsense"), refused("EINVAL", "map-text")],
      [SHELL, write(SHELL, "projid_map", "0 0 1"), 5],
    ],
  },
  {
    title: "the text comes before the parent's root, that before the capability, that before what the parent maps",
    uid: 0,
    lines: [
      box,
      mapped,
      groups,
      ["box", clone("inner", "user"), "done"],
      ["box", clone("helper"), "done"],
      ["helper", capset("CAP_SETUID"), 0],
      ["box", capset(), 0],
      // Whoever owns a user namespace has all capabilities over it, but none in the parent.
      ["box", write("inner", "uid_map", "0 0 0"), refused("EINVAL", "map-text")],
      ["box", write("inner", "uid_map", "0 0 70000"), refused("EPERM", "map-of-root-needs-setfcap")],
      ["box", write("inner", "uid_map", "0 1 70000"), refused("EPERM", "map-needs-setid")],
      ["helper", write("inner", "uid_map", "0 1 70000"), refused("EPERM", "map-range-unmapped-in-parent")],
      ["helper", write("inner", "uid_map", "0 1 65535"), 9],
    ],
  },
  {
    title: "a second write with the same descriptor is refused for its place, before the map is looked at",
    uid: 0,
    lines: [
      box,
      [SHELL, openMap("box", "uid_map", "both"), 0],
      [SHELL, read(0), { reads: { text: "" } }],
      [SHELL, writeFd(0, "0 0 1\n"), 6],
      [SHELL, writeFd(0, "0 0 1\n"), refused("EINVAL", "not-at-start")],
      // It reads on where it has come to by writing.
      [SHELL, read(0), { reads: { text: row(0, 0, 1).slice(6) } }],
      [SHELL, read(0), { reads: { text: "" } }],
    ],
  },
  {
    title: "a long map is read a page at a time, in whole lines",
    uid: 0,
    lines: [
      box,
      [SHELL, write("box", "uid_map", Array.from({ length: 125 }, (_, at) => `${at} ${at} 1`).join("\n")), "done"],
      [SHELL, openMap("box", "uid_map", "read"), 0],
      [SHELL, read(0), { reads: { text: Array.from({ length: 124 }, (_, at) => row(at, at, 1)).join("") } }],
      [SHELL, read(0), { reads: { text: row(124, 124, 1) } }],
      [SHELL, read(0), { reads: { text: "" } }],
    ],
  },
];

const FILES: readonly Script[] = [
  {
    title: "a descriptor is for what it was opened for, and has one place",
    uid: 0,
    lines: [
      box,
      [SHELL, openMap("box", "uid_map", "read"), 0],
      [SHELL, openMap("box", "uid_map", "write"), 1],
      [SHELL, open("box", "user"), 2],
      [SHELL, { op: "open-other", what: "directory" }, 3],
      [SHELL, { op: "open-other", what: "null" }, 4],
      [SHELL, { op: "pidfd_open", of: taskName("box"), flags: 0 }, 5],
      [SHELL, writeFd(0, "0 0 1"), refused("EBADF", "access-mode")],
      [SHELL, read(1), refused("EBADF", "access-mode")],
      [SHELL, pwrite(0, "0 0 1", 0), refused("ESPIPE", "no-places")],
      [SHELL, pwrite(1, "0 0 1", -1), refused("EINVAL", "negative-offset")],
      [SHELL, pwrite(9, "0 0 1", 0), refused("EBADF", "bad-descriptor")],
      [SHELL, read(2), refused("EINVAL", "nothing-to-read-or-write")],
      [SHELL, writeFd(2, "x"), refused("EBADF", "access-mode")],
      [SHELL, pwrite(2, "x", 0), refused("EBADF", "access-mode")],
      [SHELL, read(3), refused("EISDIR", "nothing-to-read-or-write")],
      [SHELL, read(4), { reads: { text: "" } }],
      [SHELL, read(5), refused("EINVAL", "nothing-to-read-or-write")],
      [SHELL, writeFd(5, "x"), refused("EINVAL", "nothing-to-read-or-write")],
      [SHELL, { op: "fcntl", fd: 0, command: "F_GETFL" }, 0x8000],
      [SHELL, { op: "fcntl", fd: 1, command: "F_GETFL" }, 0x8001],
    ],
  },
  {
    title: "who opened a map counts: its numbers are those of the opener's user namespace, whoever reads",
    uid: 0,
    lines: [
      [SHELL, { op: "clone", as: taskName("inside"), flags: CLONE_FLAGS.CLONE_FILES }, "done"],
      ["inside", unshare("user"), 0],
      [SHELL, openMap("inside", "uid_map", "read"), 0],
      ["inside", openMap(SHELL, "uid_map", "read"), 1],
      [SHELL, write("inside", "uid_map", "5 1000 1"), 8],
      ["inside", read(0), { reads: { text: row(5, 1000, 1) } }],
      [SHELL, read(1), { reads: { text: row(0, 4294967295, 4294967295) } }],
    ],
  },
  {
    title: "the files of a process belong to it; once it has ended, to root",
    uid: 0,
    lines: [
      [SHELL, clone("user"), "done"],
      ["user", setresuid(1000), 0],
      ["user", dumpable, 0],
      ["user", clone("box", "user"), "done"],
      ["user", openMap("box", "uid_map", "write"), 0],
      ["box", { op: "exit" }, 0],
      ["user", openMap("box", "uid_map", "write"), refused("EACCES", "file-of-another-user")],
      ["user", openMap("box", "uid_map", "read"), 1],
      // The file opened before leads to the user namespace, not to the process.
      ["user", writeFd(0, "0 1000 1"), 8],
      ["user", read(1), { reads: { text: row(0, 1000, 1) } }],
    ],
  },
  {
    title: "CAP_DAC_OVERRIDE reaches a file whose owner and group both have numbers in the caller's user namespace",
    uid: 0,
    lines: [
      box,
      mapped,
      ["box", clone("other"), "done"],
      ["other", setresuid(5), 0],
      ["other", dumpable, 0],
      ["box", write("other", "uid_map", "0 0 1"), refused("EACCES", "file-of-another-user")],
      groups,
      ["box", write("other", "uid_map", "0 0 1"), refused("EPERM", "map-already-set")],
    ],
  },
  {
    title: "the kernel's white space has the byte 0xa0, and no other beyond ASCII",
    uid: 0,
    lines: [
      box,
      [SHELL, write("box", "uid_map", "0\x850\x851"), refused("EINVAL", "map-text")],
      [SHELL, write("box", "uid_map", "\xa00\xa00\xa01\xa0"), 7],
      [SHELL, write("box", "setgroups", "deny\x85"), refused("EINVAL", "setgroups-text")],
      [SHELL, write("box", "setgroups", "deny\xa0"), 5],
    ],
  },
  {
    title: "each kind of white space may stand between numbers, before and behind them; between them there is some",
    uid: 0,
    lines: [
      ...BLANKS.flatMap((blank, at): readonly Line[] => [
        [SHELL, clone(`box-${at}`, "user"), "done"],
        [SHELL, write(`box-${at}`, "uid_map", ["", "0", "0", "1", ""].join(blank)), 7],
        [SHELL, write(`box-${at}`, "setgroups", `deny${blank}`), 5],
      ]),
      box,
      ...["01 1", "0 11", " 0 1", "0  1", "0 0 ", "\x000 0 1"].map((text): Line => [
        SHELL,
        write("box", "uid_map", text),
        refused("EINVAL", "map-text"),
      ]),
    ],
  },
  {
    title: "setgroups is judged by whoever opens it, and what it says is for good",
    uid: 1000,
    lines: [
      [SHELL, unshare("user"), 0],
      [SHELL, openMap(SHELL, "setgroups", "both"), 0],
      [SHELL, capset(), 0],
      [SHELL, openMap(SHELL, "setgroups", "write"), refused("EACCES", "no-admin-over-setgroups")],
      [SHELL, writeFd(0, "dent"), refused("EINVAL", "setgroups-text")],
      [SHELL, writeFd(0, "deny\0xx"), 7],
      [SHELL, writeFd(0, "deny"), refused("EINVAL", "not-at-start")],
      [SHELL, { op: "setgroups", groups: [] }, refused("EPERM", "no-setgid")],
    ],
  },
  {
    title: "groups want a gid_map, and that the user namespace allows them",
    uid: 0,
    lines: [
      box,
      ["box", { op: "setgroups", groups: [] }, refused("EPERM", "no-gid-map-yet")],
      groups,
      ["box", { op: "setgroups", groups: [7, 5, 7] }, 0],
      ["box", { op: "getgroups" }, { reads: { groups: [5, 7, 7] } }],
      ["box", { op: "setgroups", groups: [70_000] }, refused("EINVAL", "id-unmapped")],
      [SHELL, { op: "setgroups", groups: [70_000, 7] }, 0],
      [SHELL, open("box", "user"), 0],
      [SHELL, setns(0), 0],
      [SHELL, { op: "getgroups" }, { reads: { groups: [7, 65_534] } }],
    ],
  },
  {
    title: "where setgroups is denied, no capability helps",
    uid: 0,
    lines: [
      box,
      [SHELL, write("box", "setgroups", "deny"), 4],
      groups,
      ["box", { op: "setgroups", groups: [] }, refused("EPERM", "setgroups-denied-here")],
      [SHELL, write("box", "setgroups", "allow"), refused("EPERM", "setgroups-denied")],
      [SHELL, write("box", "setgroups", "deny"), refused("EPERM", "setgroups-after-gid-map")],
    ],
  },
];

export const MAP_SCRIPTS: readonly Script[] = [...ORDER, ...FILES];
