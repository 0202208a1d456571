import type { ScanWish } from "../kernel/observer.ts";
import { limitOf } from "./cost.ts";
import type { DiscoverWish } from "./discover.ts";

/** The scan that a look begins with, which `list` begins before the rest of the program is loaded. */
export const scanWish = (wish: DiscoverWish, everyDevice: boolean): Omit<ScanWish, "ownPids"> => ({
  commandLines: wish.commandLines ?? false,
  cgroups: wish.cgroups ?? false,
  everyDevice,
  threads: limitOf("threads", wish),
  descriptors: limitOf("descriptors", wish),
});
