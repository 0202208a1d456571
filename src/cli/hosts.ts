import { statSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { toJson } from "../snapshot/json-text.ts";
import type { Context, Output } from "./context.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { isFault, type Given, type Parsed } from "./getopt.ts";
import { wantsJson } from "./global-options.ts";
import { fromFile } from "./seen.ts";

const isFrom = (one: Parsed["found"][number]): one is Given => !isFault(one) && one.long === "from";

/** The files that `--from` names, those of a folder by name; none unless there are several, or a folder. */
export function filesAsked({ found }: Parsed): readonly string[] {
  const named = found.filter(isFrom).map(({ value = "" }) => value);
  if (named.length < 2 && !named.some(isFolder)) return [];
  return named.flatMap((name) =>
    isFolder(name)
      ? readdirSync(name)
          .filter((file) => file.endsWith(".json"))
          .toSorted()
          .map((file) => join(name, file))
      : [name],
  );
}

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The words with one file in place of all. */
const withFile = ({ found, operands }: Parsed, value: string): Parsed => ({
  found: [...found.filter((one) => !isFrom(one)), { long: "from", written: "--from", value }],
  operands,
});

/**
 * Asks each file, and prints the answers under the names of their hosts: the file's name and the boot it was written in, for an
 * inode means something within one boot only. As JSON one document: `{"hosts":[{"host","file","bootId","answer"}]}`. The
 * exit code is the highest of all.
 */
export async function overHosts(
  context: Context,
  parsed: Parsed,
  files: readonly string[],
  ask: (parsed: Parsed, out: Output) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { out } = context;
  const asJson = wantsJson(parsed);
  const hosts: object[] = [];
  let exit: ExitCode = EXIT.done;
  for (const file of files) {
    const { viewpoint } = await fromFile(context, file);
    const { bootId } = viewpoint;
    const host = basename(file).replace(/\.json$/, "");
    const parts: string[] = [];
    const code = await ask(withFile(parsed, file), {
      ...out,
      columns: out.columns,
      write: (text) => void parts.push(text),
    });
    if (code > exit) exit = code;
    const text = parts.join("");
    if (asJson) hosts.push({ host, file, bootId: bootId ?? null, answer: JSON.parse(text) });
    else out.write(`==> ${host}${bootId === undefined ? "" : ` (${bootId})`} <==\n${text}`);
  }
  if (asJson) out.write(`${toJson({ hosts })}\n`);
  return exit;
}
