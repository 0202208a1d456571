import { errnoName } from "../../abi/errnos.ts";
import { namespaceId } from "../../abi/ids.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import { pathText } from "../../procfs/path-bytes.ts";
import type { ShownTable } from "../mounting.ts";
import type { Native, RawMountTables } from "./native.ts";

/** What processes see mounted that have the root of their mount namespace. */
export async function mountTables(
  native: Native,
  proc: { readonly raw: number },
  pids: Int32Array,
): Promise<readonly Outcome<ShownTable>[]> {
  const raw = await native.mountTables(proc.raw, pids);
  if (typeof raw === "number") return Array.from(pids, () => refused(errnoName(-raw)));
  const rests = textsOf(raw);
  return Array.from(pids, (_, nth) => {
    const errno = raw.errno[nth] ?? 0;
    return errno === 0 ? ok(tableOf(raw, rests, nth)) : refused(errnoName(errno));
  });
}

const textsOf = ({ restOffset, restBytes }: RawMountTables): string[] =>
  Array.from(restOffset.subarray(1), (end, nth) => pathText(restBytes.subarray(restOffset[nth], end)));

function tableOf(raw: RawMountTables, rests: readonly string[], nth: number): ShownTable {
  const { device, inode, mountCount, rest, numbers, lineOffset } = raw;
  const count = mountCount[nth] ?? 0;
  return {
    id: namespaceId(BigInt(device[nth] ?? 0), BigInt(inode[nth] ?? 0)),
    count: count < 0 ? refused(errnoName(-count)) : ok(count),
    rest: rests[rest[nth] ?? 0] ?? "",
    numbers: numbers.subarray(2 * (lineOffset[nth] ?? 0), 2 * (lineOffset[nth + 1] ?? 0)),
  };
}
