import { taskName, type Call } from "../../../src/kernel/call.ts";
import { capset, clone, unshare } from "../script.ts";
import type { FactCase, Step } from "../fact-case.ts";
import { within } from "./standings.ts";

/** timens_offsets: what may be written, by whom, and until when. */
const writes = (text: string, of = "shell"): Call => ({ op: "write-timens-offsets", of: taskName(of), text });
const reads: Call = { op: "read-timens-offsets", of: taskName("shell") };
const made: Step = ["shell", unshare("time")];

const TEXTS: Readonly<Record<string, string>> = {
  mono: "monotonic 100 0",
  num: "1 100 0",
  boot: "boottime 100 500",
  num7: "7 100 0",
  both: "monotonic 5 0\nboottime 6 0",
  three: "monotonic 5 0\nboottime 6 0\nmonotonic 7 0",
  bad: "realtime 5 0",
  num0: "0 5 0",
  nsec: "monotonic 5 1000000000",
  missing: "monotonic 5",
  junk: "monotonic 5 0 9",
  neg: "monotonic -5 0",
  negbig: "monotonic -99999999999 0",
  hugeneg: "boottime -9223372036 0",
  max: "monotonic 9223372036 0",
  half: "monotonic 4600000000 0",
  over: "monotonic 9223372037 0",
  empty: "",
  trailnl: "monotonic 5 0\n",
};

const fact = (id: string, before: readonly Step[], asks: Step, shows?: FactCase["shows"]): FactCase => ({
  id: `criu.timens.${id}`,
  before,
  asks,
  ...(shows === undefined ? {} : { shows }),
});
const FIVE = writes("monotonic 5 0");
/** The facts show the file's newlines as a program prints them. */
const quoted: FactCase["shows"] = (value) =>
  typeof value === "object" && "text" in value ? value.text.replaceAll("\n", "\\n") : "no text";

export const TIME_OFFSET_FACTS: readonly FactCase[] = [
  ...Object.entries(TEXTS).map(([id, text]) => fact(id, [made], ["shell", writes(text)])),
  fact("three.ret", [made], ["shell", writes(TEXTS["three"] ?? "")], String),
  fact("junk.ret", [made], ["shell", writes(TEXTS["junk"] ?? "")], String),
  fact("afterchild", [made, ["shell", clone("child")]], ["shell", FIVE]),
  fact("nocap", [made, ["shell", capset()]], ["shell", FIVE]),
  fact("cap_sys_time", [made, ["shell", capset("CAP_SYS_TIME")]], ["shell", FIVE]),
  fact("init", [], ["shell", FIVE]),
  fact("read.init", [], ["shell", reads], quoted),
  fact("twice", [made, ["shell", writes("monotonic 100 0")]], ["shell", writes("monotonic 200 0")]),
  fact(
    "read",
    [made, ["shell", writes("monotonic 100 0")], ["shell", writes("monotonic 200 0")]],
    ["shell", reads],
    quoted,
  ),
  fact(
    "other",
    [
      ["shell", clone("target")],
      ["target", unshare("time")],
    ],
    ["shell", writes("boottime 7 0", "target")],
  ),
  { ...fact("userns", [within("user:U"), made], ["shell", FIVE]), world: "user:init\n  user:U" },
];
