import { capNumber } from "../../abi/capabilities.ts";
import { CONSTANTS, type SyscallName } from "../../abi/constants.ts";
import { errnoName } from "../../abi/errnos.ts";
import { parseStatus } from "../../procfs/status.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { CredentialCall, SeenCredentials, TaskName, ThreeIds, Value } from "../call.ts";
import { OPEN_FLAGS } from "./actor-files.ts";
import { room } from "./holder-arguments.ts";
import * as calls from "./holder-calls.ts";

/** A uid or gid in memory. */
const ID_BYTES = 4;
/** As many as fit into a holder's memory. */
const MAX_GROUPS = 2048;

const AMBIENT = {
  "is-set": CONSTANTS.PR_CAP_AMBIENT_IS_SET,
  raise: CONSTANTS.PR_CAP_AMBIENT_RAISE,
  lower: CONSTANTS.PR_CAP_AMBIENT_LOWER,
} as const;

/** The calls by which a task looks at its own credentials and changes them. */
export function credentialCall(
  by: calls.Caller,
  call: CredentialCall,
  numberOf: (task: TaskName) => number,
): Outcome<Value> {
  switch (call.op) {
    case "capset":
      return calls.capset(by, { inheritable: 0n, ...call });
    case "capget": {
      const sets = calls.capget(by, numberOf(call.of));
      return sets.ok ? ok({ capabilities: sets.value }) : sets;
    }
    case "ambient":
      return calls.prctl(by, CONSTANTS.PR_CAP_AMBIENT, AMBIENT[call.what], capNumber(call.capability), 0, 0);
    case "clear-ambient":
      return calls.prctl(by, CONSTANTS.PR_CAP_AMBIENT, CONSTANTS.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    case "set-keep-caps":
      return calls.prctl(by, CONSTANTS.PR_SET_KEEPCAPS, call.keep ? 1 : 0, 0, 0, 0);
    case "drop-bounding":
      return calls.prctl(by, CONSTANTS.PR_CAPBSET_DROP, capNumber(call.capability), 0, 0, 0);
    case "set-securebits":
      return calls.prctl(by, CONSTANTS.PR_SET_SECUREBITS, call.bits, 0, 0, 0);
    case "set-no-new-privs":
      return calls.prctl(by, CONSTANTS.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    case "setresuid":
      return calls.setresuid(by, call.ids);
    case "setresgid":
      return calls.setresgid(by, call.ids);
    case "setfsuid":
    case "setfsgid": {
      const before = numbers(by, call.op, [call.id]);
      return before.ok ? ok(before.value.ret) : before;
    }
    case "setgroups":
      return calls.setgroups(by, call.groups);
    case "getresuid":
      return threeIds(by, "getresuid");
    case "getresgid":
      return threeIds(by, "getresgid");
    case "getgroups": {
      const answer = numbers(by, "getgroups", [MAX_GROUPS, room(MAX_GROUPS * ID_BYTES)]);
      return answer.ok ? ok({ groups: answer.value.words.slice(0, answer.value.ret) }) : answer;
    }
  }
}

/** open, read and close of a /proc/PID/status, of which one read gives all that few groups leave room for. */
export function status(by: calls.Caller, path: string): Outcome<{ status: SeenCredentials }> {
  const fd = calls.open(by, path, OPEN_FLAGS);
  if (!fd.ok) return fd;
  const text = calls.read(by, fd.value);
  calls.close(by, fd.value);
  if (!text.ok) return text;
  const parsed = parseStatus(text.value);
  if (!parsed.ok) throw new Error(`${path} is not understood: ${parsed.line}`);
  const { uid, gid, groups, capabilities, noNewPrivs } = parsed.value;
  return ok({ status: { uid, gid, groups, capabilities, ...(noNewPrivs === undefined ? {} : { noNewPrivs }) } });
}

function threeIds(by: calls.Caller, call: "getresuid" | "getresgid"): Outcome<{ ids: ThreeIds }> {
  const answer = numbers(by, call, [room(ID_BYTES), room(ID_BYTES), room(ID_BYTES)]);
  if (!answer.ok) return answer;
  const [real = 0, effective = 0, saved = 0] = answer.value.words;
  return ok({ ids: { real, effective, saved } });
}

/** A call that fills memory with 32-bit numbers. */
function numbers(
  by: calls.Caller,
  call: SyscallName,
  args: Parameters<calls.Caller["holders"]["syscall"]>[2],
): Outcome<{ readonly ret: number; readonly words: readonly number[] }> {
  const answer = by.holders.syscall(by.holder, call, args);
  if (answer.state !== "done") throw new calls.HolderLostError(call, by.holder, answer.state);
  if (answer.ret < 0) return refused(errnoName(-answer.ret));
  const words = answer.out.flatMap((bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: bytes.byteLength / ID_BYTES }, (_, at) => view.getUint32(at * ID_BYTES, true));
  });
  return ok({ ret: answer.ret, words });
}
