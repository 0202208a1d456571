import { ALL_CAPABILITIES, capBit, hasCap } from "../../abi/capabilities.ts";
import {
  ambientAfter,
  mayCapset,
  mayDropBounding,
  mayRaiseAmbient,
  maySetKeepCaps,
  maySetSecurebits,
} from "../../rules/change-capabilities.ts";
import { CONSTANTS } from "../../abi/constants.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { CredentialCall, TaskName, Value } from "../call.ts";
import { changedCredentials } from "../../rules/full-credentials.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { commit } from "./commit.ts";
import { numberIn } from "./descriptors.ts";
import type { Draft } from "./draft.ts";
import { seenGids, seenGroups, seenUids, setfsgid, setfsuid, setgroups, setresgid, setresuid } from "./set-ids.ts";
import { changedTask } from "./shapes.ts";
import type { Task } from "./world.ts";

const { SECBIT_KEEP_CAPS } = CONSTANTS;

/** The calls by which a task looks at its own credentials and changes them. */
export function changeCredentials(draft: Draft, caller: Task, call: CredentialCall): Outcome<Value> {
  const { credentials } = caller;
  switch (call.op) {
    case "capset": {
      const { effective, permitted, inheritable = 0n } = call;
      // Bits that are no capabilities are dropped without a word.
      const valid = (set: bigint): bigint => set & ALL_CAPABILITIES;
      const sets = { effective: valid(effective), permitted: valid(permitted), inheritable: valid(inheritable) };
      const may = mayCapset(credentials, sets);
      const ambient = ambientAfter(credentials.ambient, sets);
      if (may.ok) commit(draft, caller, changedCredentials(credentials, { ...sets, ambient }));
      return may.ok ? ok(0) : may;
    }
    case "capget":
      return capget(draft, caller, call.of);
    case "ambient":
      return changeAmbient(draft, caller, call);
    case "clear-ambient":
      draft.put(changedTask(caller, { credentials: changedCredentials(credentials, { ambient: 0n }) }));
      return ok(0);
    case "set-keep-caps": {
      const may = maySetKeepCaps(credentials);
      const others = credentials.securebits & ~SECBIT_KEEP_CAPS;
      const securebits = call.keep ? others | SECBIT_KEEP_CAPS : others;
      if (may.ok) commit(draft, caller, changedCredentials(credentials, { securebits }));
      return may.ok ? ok(0) : may;
    }
    case "drop-bounding": {
      const may = mayDropBounding(credentials);
      const bounding = credentials.bounding & ~capBit(call.capability);
      if (may.ok) commit(draft, caller, changedCredentials(credentials, { bounding }));
      return may.ok ? ok(0) : may;
    }
    case "set-securebits": {
      const execBits = hasChange(draft.release, "securebits-for-exec");
      const may = maySetSecurebits(credentials, { wanted: call.bits, execBits });
      if (may.ok) commit(draft, caller, changedCredentials(credentials, { securebits: call.bits }));
      return may.ok ? ok(0) : may;
    }
    case "set-no-new-privs":
      draft.put(changedTask(caller, { credentials: changedCredentials(credentials, { noNewPrivs: true }) }));
      return ok(0);
    case "setresuid":
      return setresuid(draft, caller, call.ids);
    case "setresgid":
      return setresgid(draft, caller, call.ids);
    case "setfsuid":
      return setfsuid(draft, caller, call.id);
    case "setfsgid":
      return setfsgid(draft, caller, call.id);
    case "setgroups":
      return setgroups(draft, caller, call.groups);
    case "getresuid":
      return ok({ ids: seenUids(draft, caller) });
    case "getresgid":
      return ok({ ids: seenGids(draft, caller) });
    case "getgroups":
      return ok({ groups: seenGroups(draft, caller) });
  }
}

/** capget(2): anybody may look at anybody it has a number for. Source: kernel/capability.c. */
function capget(draft: Draft, caller: Task, of: TaskName): Outcome<Value> {
  const task = draft.tasks.get(of);
  if (task === undefined || numberIn(task, caller.pid) === undefined) return refused("ESRCH", "no-such-process");
  const { effective, permitted, inheritable } = task.credentials;
  return ok({ capabilities: { effective, permitted, inheritable } });
}

/** prctl(2), PR_CAP_AMBIENT, one capability. */
function changeAmbient(
  draft: Draft,
  caller: Task,
  { what, capability }: Extract<CredentialCall, { op: "ambient" }>,
): Outcome<number> {
  const { credentials } = caller;
  if (what === "is-set") return ok(hasCap(credentials.ambient, capability) ? 1 : 0);
  if (what === "raise") {
    const may = mayRaiseAmbient(credentials, capability);
    if (!may.ok) return may;
  }
  const others = credentials.ambient & ~capBit(capability);
  const ambient = what === "raise" ? others | capBit(capability) : others;
  draft.put(changedTask(caller, { credentials: changedCredentials(credentials, { ambient }) }));
  return ok(0);
}
