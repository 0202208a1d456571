import { CAPABILITIES, type Capability } from "../abi/capabilities.ts";
import type { Language } from "../messages/sentence.ts";
import { NO_CAPABILITY } from "../messages/who.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { brief } from "./brief.ts";
import { nearest } from "./nearest.ts";
import { usageFailure } from "./usage.ts";

const BY_WORD: ReadonlyMap<string, Capability> = new Map(
  CAPABILITIES.flatMap((name) => [
    [name, name],
    [name.slice("CAP_".length), name],
  ]),
);

/** CAP_SYS_ADMIN, sys_admin; undefined: it is none. */
export const capabilityOf = (word: string): Capability | undefined => BY_WORD.get(word.toUpperCase());

/** The same, or throws. */
export function readCapability(word: string, language: Language): Capability {
  const found = capabilityOf(word);
  if (found !== undefined) return found;
  const near = nearest(word.toUpperCase(), [...BY_WORD.keys()]);
  const hint =
    near === undefined ? NO_CAPABILITY.hint[language] : USAGE_HINTS["did-you-mean"][language]({ nearest: near });
  throw usageFailure(NO_CAPABILITY.reason[language]({ word: brief(word) }), hint);
}
