import { ERRNO_TEXTS } from "../../messages/errnos.ts";
import { NS_SHOW_USAGE } from "../../messages/ns-show.ts";
import type { Language } from "../../messages/sentence.ts";
import { loadNative } from "../../kernel/live/load-native.ts";
import { relationLine } from "../../render/relation-line.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { noNativeText } from "../../library/no-native-text.ts";
import { askRelations, relationsAsked } from "./ask.ts";
import { openFile } from "./open-file.ts";

/** What a run of ns_show prints, and how it ends. */
export interface NsShown {
  readonly stdout: string;
  readonly stderr: string;
  readonly exit: ExitCode;
}

/**
 * Answers a command line as the example program of ioctl_ns(2) does. That program knows two exit codes; a machine without
 * a kernel to ask has one more.
 */
export function nsShow([path, letters]: readonly string[], language: Language): NsShown {
  if (path === undefined) return { stdout: "", stderr: NS_SHOW_USAGE[language], exit: EXIT.no };
  if (path === "--help") return { stdout: NS_SHOW_USAGE[language], stderr: "", exit: EXIT.done };
  const loaded = loadNative();
  if ("missing" in loaded) {
    return { stdout: "", stderr: `ns_show: ${noNativeText(loaded.missing, language)}\n`, exit: EXIT.unsupported };
  }
  const opened = openFile(loaded.native, path);
  if (!opened.ok) return { stdout: "", stderr: `open: ${ERRNO_TEXTS[opened.errno][language]}\n`, exit: EXIT.no };
  using _ = opened.value.ok ? opened.value.value : undefined;

  const answers = askRelations(opened.value, relationsAsked(letters));
  const lines = answers.map((answer) => relationLine(answer, language));
  const written = (wanted: string): string =>
    lines.flatMap(({ stream, text }) => (stream === wanted ? [`${text}\n`] : [])).join("");
  const exit = answers.every(({ outcome }) => outcome.ok) ? EXIT.done : EXIT.no;
  return { stdout: written("stdout"), stderr: written("stderr"), exit };
}
