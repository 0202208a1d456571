import { readFileSync } from "node:fs";

/**
 * The names of user ids on this machine, read from /etc/passwd when the first is asked for. Names that come from
 * elsewhere (a directory service) stay numbers. Source: passwd(5).
 */
export function userNames(): (uid: number) => string | undefined {
  let names: ReadonlyMap<number, string> | undefined;
  return (uid) => (names ??= parsePasswd(textOf("/etc/passwd"))).get(uid);
}

/** A file that is not there has no lines: a uid is shown as the number that it is then. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The first line of an id counts, as in getpwuid(3). */
export function parsePasswd(text: string): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [name = "", , uid = ""] = line.split(":");
    if (name !== "" && /^\d+$/.test(uid) && !names.has(Number(uid))) names.set(Number(uid), name);
  }
  return names;
}
