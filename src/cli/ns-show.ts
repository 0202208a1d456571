import { isErrnoName } from "../abi/errnos.ts";
import { ERRNO_TEXTS } from "../messages/errnos.ts";
import { languageOf, type Language } from "../messages/sentence.ts";
import { OutputFailed } from "./context.ts";
import { EXIT } from "./exit-codes.ts";
import { nsShow } from "./ns-show/run.ts";
import { writeAll } from "./output.ts";

/** The program `ns_show`, installed beside `nsatlas`. */
const language = languageOf(process.env);
const { stdout, stderr, exit } = nsShow(process.argv.slice(2), language);
process.exitCode = exit;
try {
  writeAll(1, stdout);
  writeAll(2, stderr);
} catch (error) {
  // OutputClosed: whoever read the output has gone, and wants no more of it.
  if (error instanceof OutputFailed) {
    process.exitCode = EXIT.no;
    writeAll(2, `write: ${whyNotWritten(error, language)}\n`);
  }
}

function whyNotWritten({ cause, message }: OutputFailed, language: Language): string {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return isErrnoName(code) ? ERRNO_TEXTS[code][language] : message;
}
