import { loadNative } from "../../src/kernel/live/load-native.ts";
import type { Native } from "../../src/kernel/live/native.ts";

/** For tests that say `needs("native")`: without the addon they are skipped, and this is not called. */
export function theAddon(): Native {
  const loaded = loadNative();
  if ("missing" in loaded) throw new Error(`no addon: ${JSON.stringify(loaded.missing)}`);
  return loaded.native;
}
