import { INTERFACE_NAMES } from "../../src/abi/interfaces.ts";
import { INTERFACE_TEXTS } from "../../src/messages/interfaces.ts";
import { KERNEL_CHANGES, type KernelChange } from "../../src/rules/kernel-changes.ts";
import type { Difference } from "./judge.ts";
import { cell, differencesOf } from "./page-section.ts";

/** One kernel's part of the page. */
export interface Result {
  readonly release: string;
  /** The Debian package it came in, and that one's version. */
  readonly name: string;
  readonly version: string;
  readonly asked: number;
  readonly wrong: readonly Difference[];
  readonly special: readonly Difference[];
  readonly parts: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Whether Debian has drivers for it: without, nothing is known of devices there. */
  readonly hasDrivers: boolean;
}

/** A series that was wished for and not to be had, and the kernels next to it. */
export interface MissingSeries {
  readonly name: string;
  readonly nearest: string;
}

/** docs/kernels.md: what each kernel answered, as it was measured. */
export function pageOf(results: readonly Result[], missing: readonly MissingSeries[]): string {
  return [
    "# What each kernel answers",
    "",
    "Written by `npm run test:kernels -- --write`; do not edit. Debian's cloud kernels are booted under qemu without KVM,",
    "this project inside, and asked the cases of `test/kernel-cases`; the model of the same release is asked the same. Before",
    "that `nsatlas doctor` is read, the commands are used, discovery is compared with what was made, and random calls are played on",
    "kernel and model side by side (`test/kernels`).",
    "Every operation of `can` is tried besides, by many holders, each time beside the answer ([operations.md](operations.md)).",
    "A case counts as _unlike 6.18_ where the model of Linux 6.18, on which all facts were measured, answers otherwise. Facts have",
    "their names in `test/kernel-cases/kernel-facts.jsonl`, scripts their titles in `test/kernel-cases`.",
    "",
    "| kernel | Debian package | cases | other checks | not as they should | unlike 6.18 |",
    "| --- | --- | --: | --: | --: | --: |",
    ...results.map((result) => {
      const { release, name, asked, wrong, special } = result;
      const checks = [...result.parts.values()].reduce((sum, { size }) => sum + size, 0);
      return `| ${release} | \`${name}\` | ${asked - checks} | ${checks} | ${wrong.length} | ${special.length} |`;
    }),
    ...missing.map(({ name, nearest }) => `| ${name} | not in Debian's suites now; nearest: ${nearest} | | | | |`),
    "",
    ...answersOf(results),
    ...findingsOf(results),
    "## What changed, as the model has it",
    "",
    "| since | also | what | shown by |",
    "| --- | --- | --- | --- |",
    ...Object.values(KERNEL_CHANGES).map(
      (row) => `| ${row.since} | ${alsoOf(row)} | ${row.what} | ${"shown" in row ? row.shown : "measured"} |`,
    ),
    ...results.flatMap(sectionOf),
    "",
  ].join("\n");
}

/** What `nsatlas doctor` says in each guest. */
function answersOf(results: readonly Result[]): string[] {
  const said = (result: Result, name: string): string => {
    const text = result.parts.get("doctor")?.get(name) ?? "";
    return text === "answers" ? "yes" : text.replace("missing", "no");
  };
  return [
    "## What answers, and what nsatlas does without it",
    "",
    `| interface | ${results.map(({ release }) => release).join(" | ")} | without it |`,
    `| --- | ${results.map(() => "---").join(" | ")} | --- |`,
    ...INTERFACE_NAMES.map((name) => {
      const answers = results.map((result) => said(result, name));
      return `| ${name} | ${answers.join(" | ")} | ${INTERFACE_TEXTS[name].without.en} |`;
    }),
    "",
  ];
}

/** What else was counted, where this run had it: how many checks of each part, and what the parts with numbers say. */
function findingsOf(results: readonly Result[]): string[] {
  const sizes = (name: string, title: string): string[][] => {
    const cells = results.map(({ parts }) => parts.get(name)?.size ?? 0);
    return cells.some((size) => size > 0) ? [[title, ...cells.map(String)]] : [];
  };
  const told = (name: string, title: string): string[][] => {
    const ids = new Set(results.flatMap(({ parts }) => [...(parts.get(name)?.keys() ?? [])]));
    return [...ids].map((id) => [
      `${title}${id}`,
      ...results.map(({ parts }) => parts.get(name)?.get(id)?.split("\n", 1)[0] ?? ""),
    ]);
  };
  const rows = [
    ...sizes("product", "checks of the commands"),
    ...sizes("operation", "operations of can, tried"),
    ...sizes("discovery", "checks of discovery"),
    ...sizes("devices", "checks of restored interfaces").map(([title = "", ...cells]) => [
      title,
      ...cells.map((size, nth) =>
        results[nth]?.hasDrivers === false ? "none: Debian has no drivers for it now" : size,
      ),
    ]),
    ...told("many", ""),
    ...told("random calls", "random calls "),
  ];
  if (rows.length === 0) return [];
  return [
    "## What else ran in each guest",
    "",
    `| | ${results.map(({ release }) => release).join(" | ")} |`,
    `| --- | ${results.map(() => "---").join(" | ")} |`,
    ...rows.map((cells) => `| ${cells.map(cell).join(" | ")} |`),
    "",
  ];
}

/** Of a change: the older series that got it, and those that lost it. */
const alsoOf = (row: (typeof KERNEL_CHANGES)[KernelChange]): string =>
  [...("also" in row ? row.also : []), ...("lost" in row ? row.lost : []).map((release) => `not ${release}`)].join(
    ", ",
  );

function sectionOf({ release, special, wrong, parts }: Result): string[] {
  const unexplained = new Set(wrong.map(({ id }) => id));
  // What is no case of the model has no row below.
  const failed = wrong.filter(({ id }) => parts.has(id.split(": ")[0] ?? ""));
  const failures = failed.map(({ id, kernel }) => `Not as it should be: ${id}: ${kernel.split("\n", 1)[0] ?? ""}`);
  const title = ["", `## Linux ${release}`, "", ...failures.flatMap((line) => [line, ""])];
  if (special.length === 0) return [...title, "Every case as on 6.18."];
  return [...title, ...differencesOf(special, unexplained)];
}
