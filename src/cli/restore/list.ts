import { RESTORE_LIST, RESTORE_TEXT } from "../../messages/restore.ts";
import { tableText, type TableColumn } from "../../render/table.ts";
import { bootId, isThere, namespaceMounts } from "../../restore/identity.ts";
import type { RegistryEntry } from "../../restore/registry-entry.ts";
import { RegistryError, type Registry } from "../../restore/registry.ts";
import { toJson } from "../../snapshot/json-text.ts";
import type { Running } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { pageWidth } from "../page-width.ts";

type State = "whole" | "partly" | "gone" | "making" | "interrupted" | "damaged";

/** One restore that is registered, and how much of it is there. */
interface Listed {
  readonly name: string;
  readonly state: State;
  readonly madeAt: string | undefined;
  readonly processes: readonly { readonly label: string; readonly pid: number; readonly running: boolean }[];
  readonly mounts: readonly { readonly path: string; readonly mounted: boolean }[];
}

/** Every restore that is registered. */
export function listRestores(running: Running, registry: Registry): ExitCode {
  const { out, language, format, glyphs } = running;
  const rows = registry.names().map((name) => listed(registry, name));
  if (format === "json") {
    const restores = rows.map((row) => ({ ...row, madeAt: row.madeAt ?? null }));
    out.write(`${toJson({ folder: registry.folder, restores })}\n`);
    return EXIT.done;
  }
  if (rows.length === 0) {
    out.write(`${RESTORE_TEXT.none[language]({ folder: registry.folder })}\n`);
    return EXIT.done;
  }
  const column = (title: keyof typeof RESTORE_LIST, align: "left" | "right"): TableColumn => ({
    title: RESTORE_LIST[title][language],
    widthHint: 0,
    align,
    cuts: false,
  });
  const columns = [
    column("name", "left"),
    column("state", "left"),
    column("processes", "right"),
    column("mounts", "right"),
    column("made", "left"),
  ];
  const cells = rows.map(({ name, state, processes, mounts, madeAt }) => ({
    cells: [
      name,
      RESTORE_LIST[state][language],
      share(processes.filter(({ running: is }) => is).length, processes.length),
      share(mounts.filter(({ mounted }) => mounted).length, mounts.length),
      madeAt,
    ],
  }));
  const table = { columns, rows: cells, tree: undefined };
  out.write(tableText(table, { headings: true, width: pageWidth(out), glyphs }));
  return EXIT.done;
}

const share = (there: number, all: number): string => (there === all ? String(all) : `${there}/${all}`);

function listed(registry: Registry, name: string): Listed {
  let entry: RegistryEntry;
  try {
    entry = registry.read(name);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    return { name, state: "damaged", madeAt: undefined, processes: [], mounts: [] };
  }
  const sameBoot = entry.bootId === bootId();
  const there = sameBoot ? namespaceMounts() : new Map<string, readonly number[]>();
  const processes = entry.processes.map((one) => ({
    label: one.label,
    pid: one.pid,
    running: sameBoot && isThere(one),
  }));
  const mounts = entry.mounts.map(({ path, before }) => ({
    path,
    mounted: (there.get(path) ?? []).some((id) => !before.includes(id)),
  }));
  const left = [...processes.map(({ running }) => running), ...mounts.map(({ mounted }) => mounted)];
  const { state } = entry;
  const isMaking = sameBoot && isThere(entry.maker);
  if (state !== "done")
    return { name, state: isMaking ? "making" : "interrupted", madeAt: entry.madeAt, processes, mounts };
  const how = left.every(Boolean) ? "whole" : left.some(Boolean) ? "partly" : "gone";
  return { name, state: left.length === 0 ? "gone" : how, madeAt: entry.madeAt, processes, mounts };
}
