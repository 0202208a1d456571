import type { NoNative } from "../kernel/live/load-native.ts";
import { NO_NATIVE } from "../messages/no-native.ts";
import type { Language } from "../messages/sentence.ts";

/** Why the running kernel cannot be asked here, as a sentence. */
export function noNativeText(missing: NoNative, language: Language): string {
  switch (missing.why) {
    case "other-system":
      return NO_NATIVE["other-system"][language]({ where: missing.system });
    case "other-cpu":
      return NO_NATIVE["other-cpu"][language]({ where: missing.cpu });
    case "not-built":
      return NO_NATIVE["not-built"][language]({ where: missing.path });
    case "failed-to-load": {
      const { path, cause } = missing;
      return NO_NATIVE["failed-to-load"][language]({ where: path, cause: cause instanceof Error ? cause.message : "" });
    }
  }
}
