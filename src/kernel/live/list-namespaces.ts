import { errnoName } from "../../abi/errnos.ts";
import { NS_ID_REQUEST as AT } from "../../abi/nsfs-structs.ts";
import type { ListFault, ListRequest } from "../../rules/list-namespaces.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import { room, type Argument } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";

const REQUEST_BYTES = AT.bytes;
const LONGER_BYTES = 40;
const ID_BYTES = 8;
/** As many as one call asks for. */
const MOST = 1000;
const OVER_A_PAGE = 4097;
const OVER_A_MILLION = 1_000_001;
const BAD_ADDRESS = 1;

/** listns(2), again and again until nothing is left, or once. */
export function listNamespaces(by: calls.Caller, request: ListRequest): Outcome<Value> {
  const { after = 0n, atMost, fault } = request;
  const once = atMost !== undefined || fault !== undefined;
  const ids: bigint[] = [];
  for (let last = after; ;) {
    const part = listPart(by, request, last);
    if (!part.ok) return ids.length > 0 && part.errno === "ENOENT" ? ok({ listed: ids }) : part;
    ids.push(...part.value);
    last = part.value.at(-1) ?? last;
    if (once || part.value.length < MOST) return ok({ listed: ids });
  }
}

function listPart(by: calls.Caller, request: ListRequest, after: bigint): Outcome<readonly bigint[]> {
  const { atMost = MOST, fault } = request;
  const words: Argument[] = [
    fault === "bad-request-address" ? BAD_ADDRESS : structOf(request, after),
    fault === "bad-room-address" ? BAD_ADDRESS : room(Math.max(atMost, 1) * ID_BYTES),
    fault === "room-for-over-a-million" ? OVER_A_MILLION : atMost,
    fault === "unknown-flags" ? 1 : 0,
  ];
  const answer = by.holders.syscall(by.holder, "listns", words);
  if (answer.state !== "done") throw new calls.HolderLostError("listns", by.holder, answer.state);
  if (answer.ret < 0) return refused(errnoName(-answer.ret));
  const bytes = answer.out[0] ?? new Uint8Array();
  const ids = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return ok(Array.from({ length: answer.ret }, (_, at) => ids.getBigUint64(at * ID_BYTES, true)));
}

function structOf({ types, owner = 0n, fault }: ListRequest, after: bigint): Uint8Array {
  const request = new Uint8Array(LONGER_BYTES);
  const view = new DataView(request.buffer);
  view.setUint32(AT.size, sizeFor(fault), true);
  view.setUint32(AT.spare, fault === "spare" ? 1 : 0, true);
  view.setBigUint64(AT.after, after, true);
  view.setUint32(AT.types, types, true);
  view.setUint32(AT.spare2, fault === "second-spare" ? 1 : 0, true);
  view.setBigUint64(AT.owner, owner, true);
  view.setUint32(AT.behind, fault === "longer-struct-not-zero" ? 1 : 0, true);
  return request;
}

function sizeFor(fault: ListFault | undefined): number {
  if (fault === "short-struct") return REQUEST_BYTES - 1;
  if (fault === "struct-over-a-page") return OVER_A_PAGE;
  return fault?.startsWith("longer-struct") === true ? LONGER_BYTES : REQUEST_BYTES;
}
