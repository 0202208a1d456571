import { loadNative, type LoadedNative } from "../kernel/live/load-native.ts";
import type { Native } from "../kernel/live/native.ts";
import { UnsupportedError } from "../errors.ts";
import { LIBRARY } from "../messages/library.ts";
import { REASONS } from "../messages/reasons.ts";
import type { Language } from "../messages/sentence.ts";
import { noNativeText } from "./no-native-text.ts";

let loaded: LoadedNative | undefined;

/** The addon, or why there is none. It is looked for once: neither the machine nor our files change meanwhile. */
export const nativeHalf = (): LoadedNative => (loaded ??= loadNative());

/** The addon, for a call that cannot do without. UnsupportedError: there is none; it says why. */
export function needNative(call: string): Native {
  const half = nativeHalf();
  if ("native" in half) return half.native;
  throw unsupportedCall(call, "en");
}

/** The error for a call that takes the native half, where the observer at hand has none. */
export function unsupportedCall(call: string, language: Language): UnsupportedError {
  const half = nativeHalf();
  const why = "missing" in half ? noNativeText(half.missing, language) : REASONS["no-native-half"][language];
  return new UnsupportedError(LIBRARY["needs-native-half"][language]({ call, why }), { feature: call });
}
