import { allIds, type ThreeIds } from "../../kernel/call.ts";
import type { Arguments } from "../arguments.ts";
import { plain, type Asked, type NamedForm } from "./form.ts";
import { PRCTLS, SETS } from "./words.ts";

/** The calls on a process's own ids and capabilities. */
export const CREDENTIAL_FORMS: readonly NamedForm[] = [
  [
    "setresuid",
    {
      form: "setresuid UID [EUID SUID]",
      does: "-1 leaves an id as it is",
      read: (args) => plain({ op: "setresuid", ids: threeIds(args) }),
    },
  ],
  [
    "setresgid",
    {
      form: "setresgid GID [EGID SGID]",
      does: "the same for gids",
      read: (args) => plain({ op: "setresgid", ids: threeIds(args) }),
    },
  ],
  [
    "setfsuid",
    {
      form: "setfsuid UID",
      does: "gives the one before",
      read: (args) => plain({ op: "setfsuid", id: args.number("id") }),
    },
  ],
  [
    "setfsgid",
    {
      form: "setfsgid GID",
      does: "the same for gids",
      read: (args) => plain({ op: "setfsgid", id: args.number("id") }),
    },
  ],
  ["setgroups", { form: "setgroups [GID]…", does: "the supplementary groups", read: setgroups }],
  ["getresuid", { form: "getresuid", does: "real, effective and saved", read: () => plain({ op: "getresuid" }) }],
  ["getresgid", { form: "getresgid", does: "the same for gids", read: () => plain({ op: "getresgid" }) }],
  ["getgroups", { form: "getgroups", does: "the supplementary groups", read: () => plain({ op: "getgroups" }) }],
  [
    "capset",
    {
      form: "capset all|none|CAP… [permitted …] [inheritable …]",
      does: "the effective set, and the permitted one where it is not told",
      read: capset,
    },
  ],
  [
    "capget",
    {
      form: "capget PROCESS",
      does: "its effective, permitted and inheritable set",
      read: (args) => {
        const of = args.word("process");
        return { call: (find) => ({ op: "capget", of: find.process(of) }) };
      },
    },
  ],
  [
    "prctl",
    {
      form: "prctl PR_SET_NO_NEW_PRIVS|PR_SET_DUMPABLE N|PR_CAPBSET_DROP CAP|…",
      does: "PR_GET_DUMPABLE, PR_SET_SECUREBITS N, PR_SET_KEEPCAPS N, PR_CAP_AMBIENT_RAISE CAP … too",
      read: (args) => plain(args.choice(PRCTLS, "prctl")(args)),
    },
  ],
];

/** One id for all three, or real, effective and saved. */
function threeIds(args: Arguments): ThreeIds {
  const real = args.number("id", { signed: true });
  if (args.peek() === undefined) return allIds(real);
  return { real, effective: args.number("id", { signed: true }), saved: args.number("id", { signed: true }) };
}

function setgroups(args: Arguments): Asked {
  const groups: number[] = [];
  while (args.peek() !== undefined) groups.push(args.number("id"));
  return plain({ op: "setgroups", groups });
}

function capset(args: Arguments): Asked {
  const set = (): bigint => {
    let bits = args.choice(SETS, "capability");
    for (let word = args.peek(); word !== undefined && !BEHIND.has(word.text); word = args.peek()) {
      bits |= args.choice(SETS, "capability");
    }
    return bits;
  };
  const effective = set();
  const permitted = args.skip("permitted") ? set() : effective;
  const inheritable = args.skip("inheritable") ? set() : undefined;
  return plain({ op: "capset", effective, permitted, ...(inheritable !== undefined && { inheritable }) });
}
const BEHIND = new Set(["permitted", "inheritable"]);
