import type { Said } from "./compare.ts";

/** Calls with the running kernel's answers as a script of test/kernel-cases, which wants a title and a reason. */
export function caseText(uid: number, history: readonly Said[]): string {
  const lines = history.map(({ caller, call, model, live }) => {
    const reason = model.ok ? "…" : (model.reason ?? "…");
    const gives = live.ok
      ? typeof live.value === "number" && GIVES_SAME.has(call.op)
        ? `${live.value}`
        : '"done"'
      : `refused(${literal(live.errno)}, ${literal(reason)})`;
    return `    [${caller === "shell" ? "SHELL" : literal(caller)}, ${literal(call)}, ${gives}],`;
  });
  return ["{", '  title: "…",', `  uid: ${uid},`, "  lines: [", ...lines, "  ],", "},"].join("\n");
}

/** Calls whose number does not depend on the machine: descriptors and zeros. */
const GIVES_SAME: ReadonlySet<string> = new Set(["open", "setns", "unshare", "dup", "send", "ioctl", "bind", "unbind"]);

const NAMES_TASK: ReadonlySet<string> = new Set(["of", "as", "to", "child", "numberOf", "seenBy"]);

/** A value as TypeScript writes it. */
function literal(value: unknown): string {
  if (typeof value === "bigint") return `0x${value.toString(16)}n`;
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "undefined";
  const members = Object.entries(value).map(([name, member]) => {
    const isBits = typeof member === "number" && (name === "flags" || name === "nstype");
    if (NAMES_TASK.has(name) && typeof member === "string") return `${name}: taskName(${literal(member)})`;
    return `${name}: ${isBits ? `0x${member.toString(16)}` : literal(member)}`;
  });
  return `{ ${members.join(", ")} }`;
}
