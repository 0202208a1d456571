import { changed } from "../../rules/reserved.ts";
import { ALL_CAPABILITIES, capBit } from "../../abi/capabilities.ts";
import { mayCapset, mayDropBounding, maySetSecurebits } from "../../rules/change-capabilities.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import type { CredentialCall, Value } from "../call.ts";
import { hasChange } from "../../rules/kernel-changes.ts";
import { commit } from "./commit.ts";
import type { Draft } from "./draft.ts";
import { seenGids, seenGroups, seenUids, setfsuid, setgroups, setresgid, setresuid } from "./set-ids.ts";
import type { Task } from "./world.ts";

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
      if (may.ok) commit(draft, caller, changed(credentials, sets));
      return may.ok ? ok(0) : may;
    }
    case "drop-bounding": {
      const may = mayDropBounding(credentials);
      const bounding = credentials.bounding & ~capBit(call.capability);
      if (may.ok) commit(draft, caller, changed(credentials, { bounding }));
      return may.ok ? ok(0) : may;
    }
    case "set-securebits": {
      const execBits = hasChange(draft.release, "securebits-for-exec");
      const may = maySetSecurebits(credentials, { wanted: call.bits, execBits });
      if (may.ok) commit(draft, caller, changed(credentials, { securebits: call.bits }));
      return may.ok ? ok(0) : may;
    }
    case "set-no-new-privs":
      draft.put({ ...caller, credentials: changed(credentials, { noNewPrivs: true }) });
      return ok(0);
    case "setresuid":
      return setresuid(draft, caller, call.ids);
    case "setresgid":
      return setresgid(draft, caller, call.ids);
    case "setfsuid":
      return setfsuid(draft, caller, call.id);
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
