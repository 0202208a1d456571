import { errnoName } from "../../abi/errnos.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import { room } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";

/** struct ns_id_req, its first version. Source: include/uapi/linux/nsfs.h. */
const REQUEST_BYTES = 32;
const AT = { size: 0, after: 8, types: 16 } as const;
const ID_BYTES = 8;
/** As many as one call asks for. */
const MOST = 1000;

/** listns(2), again and again until nothing is left. */
export function listNamespaces(
  by: calls.Caller,
  { types, after = 0n }: { types: number; after?: bigint },
): Outcome<Value> {
  const ids: bigint[] = [];
  for (let last = after; ;) {
    const part = listPart(by, types, last);
    if (!part.ok) return ids.length > 0 && part.errno === "ENOENT" ? ok({ listed: ids }) : part;
    ids.push(...part.value);
    last = part.value.at(-1) ?? last;
    if (part.value.length < MOST) return ok({ listed: ids });
  }
}

function listPart(by: calls.Caller, types: number, after: bigint): Outcome<readonly bigint[]> {
  const request = new Uint8Array(REQUEST_BYTES);
  const view = new DataView(request.buffer);
  view.setUint32(AT.size, REQUEST_BYTES, true);
  view.setBigUint64(AT.after, after, true);
  view.setUint32(AT.types, types, true);
  const answer = by.holders.syscall(by.holder, "listns", [request, room(MOST * ID_BYTES), MOST, 0]);
  if (answer.state !== "done") throw new calls.HolderLostError("listns", by.holder, answer.state);
  if (answer.ret < 0) return refused(errnoName(-answer.ret));
  const bytes = answer.out[0] ?? new Uint8Array();
  const ids = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return ok(Array.from({ length: answer.ret }, (_, at) => ids.getBigUint64(at * ID_BYTES, true)));
}
