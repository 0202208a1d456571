import type { ErrnoName } from "../abi/errnos.ts";
import type { InterfaceName } from "../abi/interfaces.ts";

/**
 * What came of trying one interface, as the kernel said it. untried: what it takes could not be had (`errno`: why), or
 * nobody was there to try it. killed: the caller was ended for it, as by a seccomp filter.
 */
export type Tried = { readonly name: InterfaceName } & (
  | { readonly came: "result" }
  | { readonly came: "errno"; readonly errno: ErrnoName }
  | { readonly came: "untried"; readonly errno?: ErrnoName }
  | { readonly came: "killed" }
);
