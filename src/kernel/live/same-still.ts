import { LINKS } from "../../abi/proc-links.ts";
import type { InQuestion, ProcessScan } from "../observer.ts";
import type { Native } from "./native.ts";

/** Which processes of a scan are as they were. What is not read to the end is not certain. */
export async function sameStill(
  native: Native,
  proc: { readonly raw: number },
  scan: ProcessScan,
  { rows, links }: InQuestion,
): Promise<Uint8Array> {
  const { folder, pid } = scan;
  if (folder === undefined) return new Uint8Array(rows.length);
  const inodes = new Float64Array(rows.length * LINKS.length);
  const columns = LINKS.map((link) => scan.links[link].inode);
  // Those alone that are asked: one or two of most.
  for (let nth = 0; nth < rows.length; nth++) {
    const row = rows[nth] ?? 0;
    for (let place = 0, asked = links[nth] ?? 0; asked !== 0; place++, asked >>= 1) {
      if ((asked & 1) !== 0) inodes[nth * LINKS.length + place] = columns[place]?.[row] ?? 0;
    }
  }
  const pids = Int32Array.from(rows, (row) => pid[row] ?? 0);
  const folders = Float64Array.from(rows, (row) => folder[row] ?? 0);
  const answers = await native.sameStill(proc.raw, pids, folders, inodes, links);
  return typeof answers === "number" ? new Uint8Array(rows.length) : answers;
}
