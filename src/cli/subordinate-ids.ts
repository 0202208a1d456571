import { spawnSync } from "node:child_process";
import { subordinates } from "../enter/id-ranges.ts";
import type { IdExtent } from "../procfs/id-map.ts";
import { textOf, userNames } from "./user-names.ts";

/** The ranges of ids that somebody has besides the own one. */
export interface SubordinateIds {
  /** As the files name that user. */
  readonly name: string;
  readonly uid: FromFile;
  readonly gid: FromFile;
}
interface FromFile {
  readonly file: string;
  readonly ranges: readonly IdExtent[];
}

/** What newuidmap and newgidmap go by: the files, or what nsswitch.conf names in place of them. Source: subuid(5). */
export function subordinateIds(uid: number): SubordinateIds {
  const name = userNames()(uid);
  const user = { id: uid, ...(name !== undefined && { name }) };
  const isElsewhere = namesAnother(textOf("/etc/nsswitch.conf"));
  const from = (file: string, options: readonly string[]): FromFile => ({
    file,
    ranges: isElsewhere && name !== undefined ? asked([...options, name]) : subordinates(textOf(file), user),
  });
  return { name: name ?? String(uid), uid: from("/etc/subuid", []), gid: from("/etc/subgid", ["-g"]) };
}

const LIMIT_MS = 5000;

/** Whether a text of nsswitch.conf has ranges come from elsewhere than the files. */
export const namesAnother = (nsswitch: string): boolean => /^[ \t]*subid:[ \t]*(?!files\b)[^\s#]/m.test(nsswitch);

/** Of getsubids(1). Nobody who could tell: none. */
function asked(words: readonly string[]): readonly IdExtent[] {
  const { status, stdout } = spawnSync("getsubids", words, { encoding: "utf8", timeout: LIMIT_MS });
  return status === 0 ? rangesTold(stdout) : [];
}

/** A range a line: `0: USER FIRST COUNT`. */
export const rangesTold = (text: string): readonly IdExtent[] =>
  [...text.matchAll(/^\d+: \S+ (\d+) (\d+)$/gm)].map(([, first, count]) => ({
    inside: Number(first),
    outside: Number(first),
    count: Number(count),
  }));
