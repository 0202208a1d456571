import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import { defaultListColumns, listRecords, listText } from "../render/list.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { Running } from "./command.ts";
import { rowsText, type RowForm } from "./forms.ts";
import { userNames } from "./user-names.ts";

/** What was seen as `list` has it, with its usual columns, for whoever asked another command for that form. */
export function listForm(
  { out, glyphs }: Pick<Running, "out" | "glyphs">,
  index: SnapshotIndex,
  { format, kinds }: { readonly format: "table" | RowForm; readonly kinds?: ReadonlySet<NamespaceKind> },
): string {
  const selection = kinds === undefined ? {} : { kinds };
  const isLive = index.snapshot.viewpoint.source === "live";
  const source = { index, userName: isLive ? userNames() : () => undefined };
  const columns = defaultListColumns({ ...selection, processes: false });
  if (format !== "table") return rowsText(listRecords(source, { ...selection, columns, tree: "none" }), format);
  const layout = { headings: true, raw: false, oneLine: false, width: out.columns, glyphs };
  return listText(source, { ...selection, columns, tree: "process" }, layout);
}
