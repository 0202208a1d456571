import type { IoctlCases } from "./cases.ts";
import nsGetNstype from "./ns-get-nstype.ts";
import nsGetOwnerUid from "./ns-get-owner-uid.ts";
import nsGetParent from "./ns-get-parent.ts";
import nsGetUserns from "./ns-get-userns.ts";

/** The cases that every kernel must answer alike: the model, and the running kernel. */
export const IOCTL_CASES: readonly IoctlCases[] = [nsGetNstype, nsGetOwnerUid, nsGetParent, nsGetUserns];
