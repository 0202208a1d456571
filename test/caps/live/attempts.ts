import type { OperationName } from "../../../src/caps/operations.ts";
import type { Attempt } from "./attempt.ts";
import { HOST_ATTEMPTS } from "./attempts-host.ts";
import { NET_ATTEMPTS } from "./attempts-net.ts";
import { OWN_ATTEMPTS } from "./attempts-own.ts";

/** How each operation of `can` is tried on the running kernel: one row each, and the compiler sees that none is missing. */
export const ATTEMPTS: Readonly<Record<OperationName, Attempt>> = {
  ...NET_ATTEMPTS,
  ...HOST_ATTEMPTS,
  ...OWN_ATTEMPTS,
};
