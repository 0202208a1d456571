import { OPERATION_EVIDENCE, youngest, type KernelEvidence } from "../../src/caps/operation-evidence.ts";
import { OPERATION_NAMES, operationOf, type OperationName } from "../../src/caps/operations.ts";
import type { Governor, Requirement } from "../../src/caps/requirement.ts";
import { OPERATION_TEXTS } from "../../src/messages/operations.ts";
import { KERNEL_CHANGES, type KernelChange } from "../../src/rules/kernel-changes.ts";

const WHERE: Readonly<Record<Governor, string>> = {
  initial: "in the first user namespace",
  own: "in its own user namespace",
  resource: "over it",
  above: "in the parent of it",
  file: "where it is, if the file's owner and group have numbers there",
  "file-owner": "where it is, if the file's owner has a number there",
  superblock: "where its file system was mounted from",
  net: "over its network namespace",
  ipc: "over its ipc namespace",
  pid: "over its pid namespace",
};

/** A requirement as a formula; facts by their names in `requirement.ts`. */
export function formula(needs: Requirement, inner = false): string {
  if ("capability" in needs) return `${needs.capability} ${WHERE[needs.over]}`;
  if ("fact" in needs) return `\`${needs.fact}\``;
  if ("change" in needs) {
    const { since } = KERNEL_CHANGES[needs.change];
    const later = isNobody(needs.needs) ? [] : [`since ${since} ${formula(needs.needs, true)}`];
    const older = needs.before === undefined ? [] : [`before ${since} ${formula(needs.before, true)}`];
    return [...later, ...older].join(", ");
  }
  const [word, parts] = "all" in needs ? (["and", needs.all] as const) : (["or", needs.any] as const);
  const text = parts.map((one) => formula(one, true)).join(` ${word} `);
  return inner && parts.length > 1 ? `(${text})` : text;
}

const isNobody = (needs: Requirement): boolean => "any" in needs && needs.any.length === 0;

/** The changes between kernels that a requirement minds. */
export function changesIn(needs: Requirement): readonly KernelChange[] {
  if ("capability" in needs || "fact" in needs) return [];
  if ("change" in needs)
    return [needs.change, ...changesIn(needs.needs), ...(needs.before ? changesIn(needs.before) : [])];
  return ("all" in needs ? needs.all : needs.any).flatMap(changesIn);
}

export function evidenceText(one: KernelEvidence): string {
  if ("tried" in one) return `tried on ${one.since}, the oldest kernel at hand`;
  return "page" in one
    ? `${one.page}: ${one.says} (${one.since})`
    : `commit ${one.commit}: ${one.title} (${one.since})`;
}

/** docs/operations.md. */
export function operationsPage(): string {
  return [
    "<!-- Written from src/caps by test/project/operations.test.ts (npx vitest run test/project/operations.test.ts -u). -->",
    "",
    "# What `can` knows of each operation",
    "",
    "For each: what the kernel asks, where the newest one does so, since when it has been so, and what shows that. A commit is",
    "one of the main line: `git describe --contains` says in which release it came. Every operation is tried besides on all",
    "kernels of [kernels.md](kernels.md), by many holders each time, and the answers have to be what the kernel says. Where no",
    "commit or page was found, the oldest of these kernels stands for the release, and the rule may be older.",
    ...OPERATION_NAMES.flatMap(sectionOf),
    "",
  ].join("\n");
}

function sectionOf(name: OperationName): string[] {
  const { on, needs, source } = operationOf(name);
  const last = youngest(name);
  const changes = [...new Set(changesIn(needs))].map((change) => KERNEL_CHANGES[change]);
  return [
    "",
    `## ${name}`,
    "",
    `To ${OPERATION_TEXTS[name].en}. On: ${on}.`,
    "",
    `- asks: ${formula(needs)}`,
    `- decided in: ${source}`,
    "tried" in last ? `- not later than: Linux ${last.since}` : `- since: Linux ${last.since}`,
    ...OPERATION_EVIDENCE[name].map((one) => `- shown by: ${evidenceText(one)}`),
    ...changes.map(
      (row) =>
        `- changed: Linux ${[row.since, ...("also" in row ? row.also : [])].join(", ")}: ${row.what}` +
        ("shown" in row ? ` (${row.shown})` : ""),
    ),
  ];
}
