import { parseArgs } from "node:util";
import type { Start } from "./ground.ts";

export const USAGE = `npm run differential -- [--runs N] [--seed N] [--minutes N] [--root | --user] [--record]
npm run differential -- --exhaustive [--bound N] [--root | --user] [--record]
npm run differential -- --can N | --pairs N | --topologies N [--seed N] [--record]

Plays random sequences of calls on the model and on the running kernel, side by side, until one differs.
  --runs N      stop after so many sequences
  --seed N      the number of the first sequence; it says which calls are made, and the next ones count up from it
  --minutes N   stop after so long (1)
  --exhaustive  every situation instead, up to symmetry, of user and pid namespaces
  --bound N     so many of them are made, besides the initial ones (4)
  --root        as root: the first task is always root's
  --user        as root: the first task is always an ordinary user's
  --can N       answers of nsatlas can instead, each tried on the running kernel by a throw-away process: so many
  --pairs N     every process of random worlds tries to enter every namespace, and to open its file: so many pairs
  --topologies N  random topologies restored on the running kernel, found again, and compared: so many
  --record      write the summary to docs/differential.md
Ctrl-C ends random sequences early; what there is by then is printed.
`;
/** Of an ordinary user that root stands in for. */
const USER_ID = 1000;

export type Options = NonNullable<ReturnType<typeof readWords>>;

/** What the words ask for; undefined: they are not understood. */
export function readWords(words: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        runs: { type: "string", default: `${Number.MAX_SAFE_INTEGER}` },
        seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
        minutes: { type: "string", default: "1" },
        exhaustive: { type: "boolean", default: false },
        bound: { type: "string", default: "4" },
        can: { type: "string", default: "0" },
        pairs: { type: "string", default: "0" },
        topologies: { type: "string", default: "0" },
        root: { type: "boolean", default: false },
        user: { type: "boolean", default: false },
        record: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    const [runs, seed, bound] = [Number(values.runs), Number(values.seed), Number(values.bound)];
    const minutes = Number(values.minutes);
    const [can, pairs, topologies] = [Number(values.can), Number(values.pairs), Number(values.topologies)];
    if (![runs, seed, bound, can, pairs, topologies].every(Number.isSafeInteger) || !(minutes > 0)) return undefined;
    return values.help || (values.root && values.user)
      ? undefined
      : { ...values, runs, seed, minutes, bound, can, pairs, topologies };
  } catch {
    return undefined;
  }
}

const isRoot = (): boolean => process.geteuid?.() === 0;

/** Root starts as either; whoever is not root can only be itself. */
export function startsOf({ root, user }: Options): readonly [Start, ...Start[]] {
  const asUser = { uid: USER_ID };
  if (!isRoot()) return [{ uid: process.geteuid?.() ?? USER_ID }];
  return root ? [{ uid: 0 }] : user ? [asUser] : [{ uid: 0 }, { uid: 0 }, asUser];
}

/** Under which name a run of random sequences is put down. */
export function titleOf({ root, user }: Options): string {
  if (!isRoot()) return "The whole program as an ordinary user";
  if (root) return "As root, with a first task of root's";
  return user ? "As root, with a first task of an ordinary user's" : "As root";
}

/** The same for a run of every situation. */
export function exhaustiveTitle({ uid }: Start): string {
  if (uid === 0) return "Every situation, as root";
  return `Every situation, ${isRoot() ? "as root, with a first task of an ordinary user's" : "as an ordinary user"}`;
}
