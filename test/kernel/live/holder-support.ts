import { loadNative } from "../../../src/kernel/live/load-native.ts";
import { type Holders, type HoldersOptions, openHolders } from "../../../src/kernel/live/holders.ts";

/** Holders by the program that `npm run build:native` made. */
export function openTestHolders(options?: HoldersOptions): Holders {
  const loaded = loadNative();
  if ("missing" in loaded) throw new Error(`no native half: ${loaded.missing.why}`);
  return openHolders(loaded.native, options);
}
