import { basename, join } from "node:path";
import { HOSTS } from "../messages/hosts.ts";
import type { Snapshot } from "../snapshot/types.ts";
import type { Running } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { HostAnswers } from "./host-answers.ts";
import { refuseFormatOfOneHost } from "./hosts.ts";
import { note } from "./note.ts";
import { failureOf } from "./report.ts";
import { fromFile } from "./seen.ts";
import { filesIn, isFolder, shownHost } from "./snapshot-files.ts";
import { usageFailure } from "./usage.ts";

/**
 * Compares two folders of snapshots host by host, files of one name being of one host. Which hosts only one of them has is told,
 * and makes the answer unknown where nothing is different: nothing is known of them at the other time. The exit code is the
 * highest of all, but a difference counts for more than something unknown.
 */
export async function diffHosts<Format extends string>(
  running: Running<Format>,
  [before, after]: readonly [string, string],
  compare: (to: Running<Format>, pair: readonly [string, Snapshot]) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { err, format, language } = running;
  if (!isFolder(before) || !isFolder(after)) {
    throw usageFailure(HOSTS["folder-and-file"][language], HOSTS["one-host-hint"][language]);
  }
  refuseFormatOfOneHost(format, language);
  const [had, has] = [before, after].map((folder) => filesIn(folder, language).map((file) => basename(file)));
  const [hadSet, hasSet] = [new Set(had), new Set(has)];
  const answers = new HostAnswers(running, format === "json");
  const codes = new Set<ExitCode>();
  for (const name of had ?? []) {
    if (!hasSet.has(name)) continue;
    const file = join(after, name);
    let snapshot: Snapshot | undefined;
    try {
      const later = await fromFile(running, file);
      snapshot = later;
      const ask: Parameters<HostAnswers["take"]>[2] = (to) =>
        compare({ ...running, ...to }, [join(before, name), later]);
      codes.add(await answers.take(file, later, ask));
    } catch (error) {
      const failure = failureOf(error, language);
      if (failure.exit === EXIT.bug) throw error;
      answers.fail(file, failure, snapshot);
      codes.add(failure.exit);
    }
  }
  answers.end();
  const notes = [
    ["only-before", (had ?? []).filter((name) => !hasSet.has(name))],
    ["only-after", (has ?? []).filter((name) => !hadSet.has(name))],
  ] as const;
  for (const [which, names] of notes) {
    if (names.length === 0) continue;
    codes.add(EXIT.unknown);
    note(err, HOSTS[which][language]({ hosts: names.map(shownHost) }));
  }
  return WORST_FIRST.find((code) => codes.has(code)) ?? EXIT.done;
}

/** A file that could not be read is told before anything else; then that there is a difference. */
const WORST_FIRST: readonly ExitCode[] = [EXIT.badInput, EXIT.refused, EXIT.no, EXIT.unknown];
