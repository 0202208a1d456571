import { CONSTANTS } from "../../abi/constants.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { refused, type Outcome } from "../../rules/outcome.ts";
import type { Whose } from "../attributes.ts";
import type { NsFile } from "../observer.ts";
import * as calls from "./holder-calls.ts";
import { LiveNsFile } from "./ns-file.ts";
import { Series } from "./series.ts";

/** The same file for the holder. While it has our credentials: later it may not look into us any more. */
export function openHere(by: calls.Caller, file: NsFile): Outcome<number> {
  const path = pathOf(file);
  return path === undefined ? refused("ENOTTY", "not-a-namespace-file") : calls.open(by, path, CONSTANTS.O_CLOEXEC);
}

/** Undefined: a file of another observer. */
const pathOf = (file: NsFile): string | undefined =>
  file instanceof LiveNsFile ? `/proc/${process.pid}/fd/${file.fd}` : undefined;

/** Together; the own one as any other, to come back to. What cannot be opened is -1, which no call takes. */
export function openEach(
  by: calls.Caller,
  { kind, tos }: { kind: NamespaceKind; tos: readonly Whose[] },
): readonly number[] {
  const series = new Series();
  const steps = tos.map((to) => {
    const path = to === "own" ? `/proc/self/ns/${kind}` : (pathOf(to) ?? "");
    return series.call("openat", CONSTANTS.AT_FDCWD, path, CONSTANTS.O_CLOEXEC, 0);
  });
  const { told, lost } = by.holders.series(by.holder, [{ series }]);
  const [answers] = told;
  if (answers === undefined) throw new calls.HolderLostError("openat", by.holder, lost ?? "died");
  return steps.map((step) => {
    const opened = answers.of(step);
    return opened.ok ? opened.value : -1;
  });
}
