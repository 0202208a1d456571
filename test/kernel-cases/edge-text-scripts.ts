import { CONSTANTS } from "../../src/abi/constants.ts";
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

type Name = Extract<Call, { op: "write-sysctl" }>["name"];
const sysctl = (name: Name, text: string): Call => ({ op: "write-sysctl", name, text });
const shows = (name: Name): Call => ({ op: "read-sysctl", name });
const pidMax = (text: string): Call => sysctl("pid_max", text);
const OUT = refused("EINVAL", "number-out-of-range");
const BOX = "box";
/** What one text after the other makes of a number, and how many of its bytes are read. */
const numbers = (name: Name, rows: readonly (readonly [text: string, becomes: number, taken: number])[]): Line[] =>
  rows.flatMap(([text, becomes, taken]): Line[] => [
    [BOX, sysctl(name, text), taken],
    [BOX, shows(name), becomes],
  ]);
const out = (name: Name, ...texts: readonly string[]): Line[] =>
  texts.map((text): Line => [BOX, sysctl(name, text), OUT]);

const NUMBERS: readonly Script[] = [
  {
    title: "pid_max lies between 301 and 4194304, and the number may have blanks around it",
    uid: 0,
    lines: [
      [SHELL, clone(BOX, "pid"), "done"],
      ...out("pid_max", "300", "4194305", "500x", "x500", "-500", "-", " ", "+500", "--500", "0x", "0xg", "08", "0800"),
      ...out("pid_max", "500\v", "500\r", "500\xa0", "500\0", "000000000000000000777", "-00000000000000000777"),
      ...numbers("pid_max", [
        ["301", 301, 3],
        ["4194304", 4_194_304, 7],
        [" \t500\n", 500, 6],
        ["501 ", 501, 4],
        ["502\t", 502, 4],
        ["\v\f\r\xa0503", 503, 7],
        // What follows the blanks behind it is not read.
        [" \t504 behind", 504, 6],
        ["505\n\v\xa0 506", 505, 7],
        ["", 505, 0],
        // As in C it is hexadecimal or octal.
        ["0x1bf", 447, 5],
        ["0X1F5 ", 501, 6],
        ["0770", 504, 4],
        ["00000000000000000776", 510, 20],
      ]),
    ],
  },
  {
    title: "pid_max is written by who has CAP_SYS_ADMIN over its owner or is root there, and by nobody else",
    uid: 0,
    lines: [
      [SHELL, clone(BOX, "user", "pid"), "done"],
      [SHELL, write(BOX, "uid_map", "0 0 2000"), 8],
      [BOX, clone("other"), "done"],
      ["other", setresuid(1000), 0],
      ["other", pidMax("500"), refused("EACCES", "no-admin-over-owner")],
      [BOX, clone("admin"), "done"],
      ["admin", { op: "set-securebits", bits: CONSTANTS.SECBIT_KEEP_CAPS }, 0],
      ["admin", setresuid(1000), 0],
      ["admin", capset("CAP_SYS_ADMIN"), 0],
      ["admin", pidMax("500"), 3],
      [BOX, clone("effective"), "done"],
      ["effective", setresuid({ real: 1000, effective: 0, saved: 1000 }), 0],
      ["effective", { op: "setfsuid", id: 1000 }, 0],
      ["effective", capset(), 0],
      ["effective", pidMax("501"), 3],
      [BOX, capset(), 0],
      [BOX, pidMax("500"), 3],
      [BOX, setresuid({ real: 0, effective: 1000, saved: 0 }), refused("EPERM", "no-setid")],
    ],
  },
  {
    title: "a limit takes no sign, lies below 2^31, and is changed with CAP_SYS_RESOURCE; ns_last_pid takes -0",
    uid: 0,
    lines: [
      [SHELL, clone(BOX, "user", "pid"), "done"],
      ...out("max_uts_namespaces", "08", "09", "0x", "2147483648", "-1", "-0", "-", "8\v", "18446744073709551616"),
      ...numbers("max_uts_namespaces", [
        ["2147483647", 2_147_483_647, 10],
        ["0", 0, 1],
        [" 7 -5", 7, 3],
        ["0x10", 16, 4],
        ["", 16, 0],
      ]),
      ...out("ns_last_pid", "-1", "4194305"),
      ...numbers("ns_last_pid", [
        ["-0", 0, 2],
        ["010 x", 8, 4],
        ["", 8, 0],
      ]),
      [BOX, clone("other"), "done"],
      ["other", capset("CAP_SYS_RESOURCE"), 0],
      ["other", sysctl("max_uts_namespaces", "9"), 1],
      [BOX, capset("CAP_SYS_ADMIN"), 0],
      [BOX, sysctl("max_uts_namespaces", "9"), refused("EACCES", "no-resource-capability")],
    ],
  },
];

export const EDGE_TEXT_SCRIPTS: readonly Script[] = [...TIME, ...NUMBERS];
