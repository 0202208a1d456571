import { UnsupportedError } from "../errors.ts";
import { LiveObserver } from "../kernel/live/observer.ts";
import type { HeadStart } from "../kernel/live/head-start.ts";
import type { Observer } from "../kernel/observer.ts";
import type { Language } from "../messages/sentence.ts";
import { nativeHalf } from "./native-half.ts";
import { noNativeText } from "./no-native-text.ts";

/** Which kernel to ask: the running one, with another folder in place of /proc if need be, or any other. */
export type Where =
  | { readonly observer: Observer; readonly procRoot?: undefined }
  | { readonly observer?: undefined; readonly procRoot?: string };

/**
 * The running kernel, as this process sees it. Without the native half it answers what /proc alone tells. UnsupportedError:
 * this is no Linux.
 */
export function observeThisMachine(procRoot = "/proc", language: Language = "en", start?: HeadStart): Observer {
  const half = nativeHalf();
  if ("missing" in half && half.missing.why === "other-system") {
    throw new UnsupportedError(noNativeText(half.missing, language), { feature: "namespaces" });
  }
  return new LiveObserver("native" in half ? half.native : undefined, procRoot, start);
}

/** The kernel that options name. */
export const observerAt = ({ observer, procRoot }: Where, language: Language): Observer =>
  observer ?? observeThisMachine(procRoot, language);
