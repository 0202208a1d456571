import { CLONE_FLAGS, CONSTANTS } from "../abi/constants.ts";
import { KINDS, NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";

/** Kinds of namespaces by both of their names: `user` and CLONE_NEWUSER. */
const KIND_FLAGS: ReadonlyMap<string, number> = new Map(
  KINDS.flatMap((kind) => {
    const { flag, flagName } = NAMESPACE_KINDS[kind];
    return [
      [kind, flag],
      [flagName, flag],
    ];
  }),
);

/** The words that may stand where flags are expected; numbers may always. */
export const FLAGS = {
  kind: KIND_FLAGS,
  "clone-flag": new Map([...KIND_FLAGS, ...Object.entries(CLONE_FLAGS)]),
  "pidfd-flag": new Map([
    ["PIDFD_THREAD", CONSTANTS.PIDFD_THREAD],
    ["PIDFD_NONBLOCK", CONSTANTS.O_NONBLOCK],
  ]),
} as const satisfies Record<string, ReadonlyMap<string, number>>;
