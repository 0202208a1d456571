/** What single words of the rules become in a mutant. */

/** A number that tells who somebody is, and the one that is most easily taken for it. */
export const SWAPPED_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  euid: ["ruid", "fsuid"],
  ruid: ["euid"],
  suid: ["euid"],
  fsuid: ["euid"],
  egid: ["rgid", "fsgid"],
  rgid: ["egid"],
  sgid: ["egid"],
  fsgid: ["egid"],
  effective: ["permitted"],
  permitted: ["effective"],
  inheritable: ["permitted"],
  bounding: ["permitted"],
  pid: ["pidForChildren"],
  pidForChildren: ["pid"],
  inside: ["outside"],
  outside: ["inside"],
};

/** An errno that no rule gives. */
export const errnoOther = (errno: string): string => (errno === "EXDEV" ? "EIO" : "EXDEV");

/** A number is one more or less, a yes a no, a capability or a release another one. */
export function neighbours(value: unknown): readonly string[] {
  if (typeof value === "number") return [String(value + 1), String(value - 1)];
  if (typeof value === "bigint") return [`${value + 1n}n`];
  if (typeof value === "boolean") return [String(!value)];
  if (typeof value !== "string") return [];
  if (/^CAP_\w+$/.test(value)) return [JSON.stringify(value === "CAP_WAKE_ALARM" ? "CAP_SYSLOG" : "CAP_WAKE_ALARM")];
  const release = /^(\d+)\.(\d+)$/.exec(value);
  if (release === null) return [];
  const [major, minor] = [Number(release[1]), Number(release[2])];
  const before = minor === 0 ? `${major - 1}.99` : `${major}.${minor - 1}`;
  return [JSON.stringify(`${major}.${minor + 1}`), JSON.stringify(before)];
}

/** A pattern without one of its anchors or one member of a class, and with each repetition another one. */
export function regexMutants({ pattern, flags }: { pattern: string; flags: string }): readonly string[] {
  const parts = pattern.match(/\[(?:\\x[0-9a-f]{2}|\\.|[^\]])*\]|\{\d+,\d+\}|\\x[0-9a-f]{2}|\\.|\(\?[:=!]|./g) ?? [];
  return parts.flatMap((part, at) => partMutants(part).map((to) => `/${parts.toSpliced(at, 1, to).join("")}/${flags}`));
}

function partMutants(part: string): readonly string[] {
  if (part === "*") return ["+"];
  if (part === "+") return ["*"];
  if (part === "?") return [""];
  if (part === "^" || part === "$") return [""];
  const bounds = /^\{(\d+),(\d+)\}$/.exec(part);
  if (bounds !== null) return [`{${bounds[1]},${Number(bounds[2]) + 1}}`, `{${bounds[1]},${Number(bounds[2]) - 1}}`];
  if (!part.startsWith("[")) return [];
  const members = part.slice(1, -1).match(/\\x[0-9a-f]{2}|\\.|./g) ?? [];
  return members.length < 2 ? [] : members.map((_, at) => `[${members.toSpliced(at, 1).join("")}]`);
}
