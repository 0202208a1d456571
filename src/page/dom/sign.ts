import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { KIND_SIGNS } from "../../render/picture/kind-signs.ts";
import { element } from "./element.ts";

/** The sign of a kind, letter and colour; the kind itself stands beside it in words. */
export const sign = (kind: NamespaceKind): HTMLElement =>
  element("span", { class: `sign-${kind} kind-sign`, "aria-hidden": "true" }, KIND_SIGNS[kind].letter);
