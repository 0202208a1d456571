import type { Language } from "../messages/sentence.ts";
import { USAGE, USAGE_HINTS } from "../messages/usage.ts";
import type { Glyphs } from "../render/glyphs.ts";
import type { Context } from "./context.ts";
import { isFault, type Parsed } from "./getopt.ts";
import { glyphsOf } from "./locale.ts";
import { flag, single, type Single, type Values } from "./options.ts";
import { usageFailure } from "./usage.ts";
import { oneOf, path } from "./values.ts";

/** The options of every command. A command may give one a letter by a row of its own. */
export const GLOBAL_OPTIONS = {
  json: flag("the same as --format json"),
  color: single("WHEN", oneOf(["auto", "always", "never"]), "auto, always or never; NO_COLOR is honoured"),
  proc: single("DIR", path, "read DIR in place of /proc"),
  help: flag("print this help", { short: "h" }),
  version: flag("print the version", { short: "V" }),
};
export type GlobalOptions = typeof GLOBAL_OPTIONS;

/** What the options of every command come to. */
export interface Settings<Format extends string> {
  readonly format: Format | "json";
  readonly color: boolean;
  /** The signs that the locale can show. */
  readonly glyphs: Glyphs;
  /** The folder that stands for /proc. */
  readonly procRoot: string;
}

export function settingsOf<Format extends string>(
  values: Values<GlobalOptions & { format: Single<Format | "json"> }>,
  usual: Format | "json",
  { env, out, language }: Pick<Context, "env" | "out" | "language">,
): Settings<Format> {
  const { json, format } = values;
  if (json && format !== undefined && format !== "json") throw contradiction(format, language);
  return {
    format: json ? "json" : (format ?? usual),
    color: wantsColor(values.color ?? "auto", env, out.isTerminal),
    glyphs: glyphsOf(env),
    procRoot: values.proc ?? "/proc",
  };
}

/**
 * Source: no-color.org (set and not empty), and TERM of terminals that have not the 256 colours of `render/palette.ts`, to
 * which those would be other commands.
 */
function wantsColor(when: "auto" | "always" | "never", env: Context["env"], isTerminal: boolean): boolean {
  if (when !== "auto") return when === "always";
  const without = env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "";
  return isTerminal && !without && (!/^(dumb|unknown|ansi|vt\d)/.test(env["TERM"] ?? "") || "COLORTERM" in env);
}

function contradiction(format: string, language: Language): Error {
  const reason = USAGE["options-exclude"][language]({ one: "--json", other: `--format ${format}` });
  return usageFailure(reason, USAGE_HINTS["one-of"][language]({ names: ["--json", `--format ${format}`] }));
}

/** Whether a failure is to be told as JSON: known even where the rest of the words is wrong. */
export const wantsJson = ({ found }: Parsed): boolean =>
  found.some((one) => !isFault(one) && (one.long === "json" || (one.long === "format" && one.value === "json")));
