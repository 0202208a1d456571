import type { ScanWish } from "../kernel/observer.ts";
import { limitOf, type SourceWish } from "./cost.ts";

type Reading = SourceWish & Partial<Pick<ScanWish, "commandLines" | "cgroups">>;

/** The scan that a look begins with, which `list` begins before the rest of the program is loaded. */
export const scanWish = (wish: Reading, everyDevice: boolean): Omit<ScanWish, "ownPids"> => ({
  commandLines: wish.commandLines ?? false,
  cgroups: wish.cgroups ?? false,
  everyDevice,
  threads: limitOf("threads", wish),
  descriptors: limitOf("descriptors", wish),
});
