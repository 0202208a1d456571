import { KERNEL_CHANGES } from "../../src/rules/kernel-changes.ts";
import type { Difference } from "./judge.ts";

/** One kernel's part of the page. */
export interface Result {
  readonly release: string;
  /** The Debian package it came in, and that one's version. */
  readonly name: string;
  readonly version: string;
  readonly asked: number;
  readonly wrong: readonly Difference[];
  readonly special: readonly Difference[];
}

/** docs/kernels.md: what each kernel answered, as it was measured. */
export function pageOf(results: readonly Result[]): string {
  return [
    "# What each kernel answers",
    "",
    "Written by `npm run test:kernels -- --write`; do not edit. Debian's cloud kernels are booted under qemu without KVM,",
    "this project inside, and asked the cases of `test/kernel-cases`; the model of the same release is asked the same.",
    "Every operation of `can` is tried besides, by many holders, each time beside the answer ([operations.md](operations.md)).",
    "A case counts as _unlike 6.18_ where the model of Linux 6.18, on which all facts were measured, answers otherwise.",
    "",
    "| kernel | Debian package | cases | unlike the model | unlike 6.18 |",
    "| --- | --- | --: | --: | --: |",
    ...results.map(
      ({ release, name, asked, wrong, special }) =>
        `| ${release} | \`${name}\` | ${asked} | ${wrong.length} | ${special.length} |`,
    ),
    "",
    "## What changed, as the model has it",
    "",
    "| since | also | what | shown by |",
    "| --- | --- | --- | --- |",
    ...Object.values(KERNEL_CHANGES).map(
      (row) =>
        `| ${row.since} | ${"also" in row ? row.also.join(", ") : ""} | ${row.what} | ${"shown" in row ? row.shown : "measured"} |`,
    ),
    ...results.flatMap(sectionOf),
    "",
  ].join("\n");
}

function sectionOf({ release, special, wrong }: Result): string[] {
  const unexplained = new Set(wrong.map(({ id }) => id));
  const rows = special.map(({ id, kernel, model }) => {
    const mark = unexplained.has(id) ? " (the model of this release says otherwise)" : "";
    return `| ${cell(id)}${mark} | ${cell(kernel)} | ${cell(model)} |`;
  });
  if (rows.length === 0) return ["", `## Linux ${release}`, "", "Every case as on 6.18."];
  return ["", `## Linux ${release}`, "", "| case | answers | 6.18 |", "| --- | --- | --- |", ...rows];
}

/** What a table can hold. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
