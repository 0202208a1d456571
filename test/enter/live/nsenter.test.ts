import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { ENTER, isKnownNsenter, NEWER_NSENTER, NSENTER, run, type Ran } from "./both.ts";
import { CASES, type Case } from "./cases.ts";
import { startHolder, type Holder } from "./holder.ts";

/** Both are silent about what went well, and each says in its own words what did not. */
const comparable = ({ code, signal, out, err }: Ran) => ({ code, signal, out, complains: err !== "" });

const VIEWERS = [
  { who: "root", ordinary: false, ids: [], needed: ["root"] },
  { who: "an ordinary user", ordinary: true, ids: [], needed: ["root", "ordinary-user", "user-namespaces"] },
  {
    who: "an ordinary user who keeps the own ids",
    ordinary: true,
    ids: ["--preserve-credentials"],
    needed: ["root", "ordinary-user", "user-namespaces"],
  },
] as const;

describe.each(VIEWERS)("enter beside nsenter, as $who", needs("native", "package:util-linux"), (viewer) => {
  const { ordinary, ids, needed } = viewer;
  let holder: Holder;
  beforeAll(async () => {
    holder = await startHolder(["-U", "-r", "-m", "-u", "-i", "-n", "-p", "-C", "-T"], { ordinary });
  });
  afterAll(async () => await holder[Symbol.asyncDispose]());

  const both = (nsenter: string, one: Case) => {
    const words = [...ids, ...one.words].map((word) => word.replaceAll("TARGET", String(holder.pid)));
    const how = { ordinary, input: one.input ?? "" };
    const before = one.before ?? [];
    return [run([...before, nsenter], words, how), run([...before, ...ENTER], words, how)] as const;
  };
  // Mistakes are the same, whoever's they are.
  const cases = CASES.filter(
    ({ what, differs }) => differs === undefined && (ids.length === 0 || !what.endsWith(": 1")),
  );

  test.each(cases)("$what", needs(...needed), (one) => {
    for (const nsenter of programsFor(one)) {
      if (!existsSync(nsenter)) continue;
      const [theirs, ours] = both(nsenter, one);
      expect({ ...comparable(ours), said: ours.err }).toEqual({ ...comparable(theirs), said: ours.err });
      // Else two refusals would do for everything.
      if (isProbe(one) && (ids.length > 0 || !ordinary)) expect(ours.code === 0 || isRefusal(one)).toBe(true);
    }
  });
});

describe("what differs on purpose does", needs("root", "native", "newer-lsns", "package:util-linux"), () => {
  let holder: Holder;
  beforeAll(async () => {
    holder = await startHolder(["-U", "-m", "-u", "-n"]);
    for (const file of ["uid_map", "gid_map"]) writeFileSync(`/proc/${holder.pid}/${file}`, "0 0 1000");
  });
  afterAll(async () => await holder[Symbol.asyncDispose]());

  const cases = CASES.filter(({ differs, elsewhere }) => differs !== undefined && elsewhere !== true);
  test.each(cases)("$what", ({ words, input = "", unset = [] }) => {
    if (!isKnownNsenter()) return;
    const fifo = join(mkdtempSync(join(tmpdir(), "fifo-")), "fifo");
    spawnSync("mkfifo", [fifo]);
    try {
      const all = words.map((word) => word.replaceAll("TARGET", String(holder.pid)).replace("FIFO", fifo));
      const without = unset.flatMap((name) => ["-u", name]);
      // Waiting for ever is one of the differences.
      const within = (program: readonly string[]): Ran =>
        run(["timeout", "-s", "KILL", "10", "env", ...without, ...program], all, { input });
      const [theirs, ours] = [within([NEWER_NSENTER]), within(ENTER)];
      expect(comparable(ours)).not.toEqual(comparable(theirs));
      expect(ours.signal).toBe(null);
    } finally {
      rmSync(dirname(fifo), { recursive: true });
    }
  });
});

const programsFor = ({ newer, shellLess }: Case): readonly string[] => [
  ...(newer === true ? [] : [NSENTER]),
  ...(shellLess === true ? [] : [NEWER_NSENTER]),
];
const isProbe = ({ words }: Case): boolean => words.includes("name");
const isRefusal = ({ what }: Case): boolean => /: 1$|not there|without a number|^-S/.test(what);

describe("the table of docs/enter.md", () => {
  test("has every case that is compared", async () => {
    const page = readFileSync(PAGE, "utf8");
    const [before = "", rest = ""] = page.split(BEGIN);
    const after = rest.slice(rest.indexOf(END));
    const rows = CASES.map(({ what, newer, shellLess, differs }) => [
      what,
      newer ? "2.42" : shellLess ? "2.38" : "2.38, 2.42",
      differs ?? "alike",
    ]);
    const table = tableOf([["what", "with nsenter", "result"], ...rows]);
    await expect(`${before}${BEGIN}\n\n${table}\n\n${after}`).toMatchFileSnapshot(PAGE);
  });
});

/** As the formatter has it. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, nth) => Math.max(...[head, ...rows].map((row) => (row[nth] ?? "").length)));
  const line = (cells: readonly string[], fill = " "): string =>
    `| ${cells.map((cell, nth) => cell.padEnd(widths[nth] ?? 0, fill)).join(" | ")} |`;
  return [
    line(head),
    line(
      head.map(() => ""),
      "-",
    ),
    ...rows.map((row) => line(row)),
  ].join("\n");
}

const PAGE = join(import.meta.dirname, "../../../docs/enter.md");
const BEGIN = "<!-- compared -->";
const END = "<!-- end of compared -->";
