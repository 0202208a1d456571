import { KINDS, NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { ioctlCases } from "./cases.ts";

export default ioctlCases("NS_GET_NSTYPE", {
  world: `
    user:init
      user:box
  `,
  // No scope: the caller may be anywhere.
  rows: ["user:init", "user:box"].flatMap((by) =>
    KINDS.map((kind) => [`${kind}:init`, by, NAMESPACE_KINDS[kind].flag] as const),
  ),
});
