import type { Call } from "../../src/kernel/call.ts";
import { capset, clone, refused, setresuid, SHELL, unshare, write, type Line, type Script } from "./script.ts";
import { taskName } from "../../src/kernel/call.ts";

/** Texts and numbers right at the edge of what the kernel takes. */
const offsets = (text: string): Call => ({ op: "write-timens-offsets", of: taskName(SHELL), text });
const OFFSETS_TEXT = refused("EINVAL", "offsets-text");
const readOffsets: Call = { op: "read-timens-offsets", of: taskName(SHELL) };
const taken = (text: string): Line => [SHELL, offsets(text), text.length];
const notTaken = (text: string): Line => [SHELL, offsets(text), OFFSETS_TEXT];
const PAGE = 4096;

const TIME: readonly Script[] = [
  {
    title: "a line of offsets is clock, seconds and nanoseconds, read one after the other and never again",
    uid: 0,
    lines: [
      [SHELL, unshare("time"), 0],
      taken("monotonic 1 0"),
      taken(" \t monotonic\t2 \t3 and more"),
      taken("monotonic7 0"),
      taken("boottime -1 999999999"),
      taken("monotonic 1 0\n"),
      taken("1 4 0\n7 5 0"),
      taken("1 4 0\n7 5 0\n"),
      [SHELL, offsets("1 4 0\n7 5 0\n\n"), 12],
      notTaken("monotonic 12"),
      notTaken("boottime5 3"),
      notTaken("boottime5 3 1"),
      notTaken("x monotonic 1 0"),
      notTaken("monotonicc 1 0"),
      notTaken("monotonic 1 1000000000"),
      notTaken("monotonic 1"),
      notTaken("monotonic 1 "),
      notTaken("monotonic 1 x"),
      notTaken("monotonic 1 0\n\n"),
      notTaken("\nmonotonic 1 0"),
      notTaken(""),
      taken("monotonic 6 0\0 behind it anything"),
      notTaken("\0monotonic 1 0"),
      taken("monotonic 8 0\0\nboottime"),
      taken("monotonic 9 0".padEnd(PAGE - 1)),
      notTaken("monotonic 9 0".padEnd(PAGE)),
      [SHELL, offsets("monotonic 1 0\nboottime 2 0\nmonotonic 3 0"), 27],
      [SHELL, readOffsets, { reads: { text: "monotonic           1         0\nboottime            2         0\n" } }],
    ],
  },
  {
    title: "no clock may come below zero or beyond half of what the kernel counts",
    uid: 0,
    lines: [
      [SHELL, unshare("time"), 0],
      [SHELL, offsets("monotonic 9223372037 0"), refused("ERANGE", "clock-out-of-range")],
      [SHELL, offsets("monotonic -9223372037 0"), refused("ERANGE", "clock-out-of-range")],
      [SHELL, offsets("monotonic 4611686019 0"), refused("ERANGE", "clock-out-of-range")],
      [SHELL, offsets("boottime -4611686019 0"), refused("ERANGE", "clock-out-of-range")],
      [SHELL, offsets("monotonic 4600000000 0"), 22],
    ],
  },
];

const pidMax = (text: string): Call => ({ op: "write-sysctl", name: "pid_max", text });
const OUT = refused("EINVAL", "number-out-of-range");
const NUMBERS: readonly Script[] = [
  {
    title: "pid_max lies between 301 and 4194304, and the number may have blanks around it",
    uid: 0,
    lines: [
      [SHELL, clone("box", "pid"), "done"],
      ["box", pidMax("300"), OUT],
      ["box", pidMax("301"), 3],
      ["box", pidMax("4194304"), 7],
      ["box", pidMax("4194305"), OUT],
      ["box", pidMax(" \t500\n"), 6],
      ["box", pidMax("500x"), OUT],
      ["box", pidMax("x500"), OUT],
      ["box", pidMax("-500"), OUT],
      ["box", pidMax("-"), OUT],
    ],
  },
  {
    title: "pid_max is written by the root user of its owner, with capabilities or without, and by nobody else",
    uid: 0,
    lines: [
      [SHELL, clone("box", "user", "pid"), "done"],
      [SHELL, write("box", "uid_map", "0 0 2000"), 8],
      ["box", clone("other"), "done"],
      ["other", setresuid(1000), 0],
      ["other", pidMax("500"), refused("EACCES", "no-admin-over-owner")],
      ["box", capset(), 0],
      ["box", pidMax("500"), 3],
      ["box", setresuid({ real: 0, effective: 1000, saved: 0 }), refused("EPERM", "no-setid")],
    ],
  },
];

export const EDGE_TEXT_SCRIPTS: readonly Script[] = [...TIME, ...NUMBERS];
