import { readFileSync } from "node:fs";
import type { IdFacts } from "../../enter/id-facts.ts";
import type { Observer } from "../../kernel/observer.ts";
import { ENTER_USAGE } from "../../messages/enter.ts";
import type { Language } from "../../messages/sentence.ts";
import type { IdExtent } from "../../procfs/id-map.ts";
import { brief } from "../brief.ts";
import { statusOf } from "../../inside/facts.ts";
import { ownUsage } from "./own-usage.ts";
import type { GroupsWish, IdWish } from "./readers.ts";

/** What is asked for of ids. */
export interface IdWishes {
  readonly uid: IdWish | undefined;
  readonly gid: IdWish | undefined;
  readonly groups: GroupsWish | undefined;
  /** Whether ids stay where nothing is said of them, though a user namespace is joined. */
  readonly preserve: boolean;
}

/** Numbers inside; undefined: it stays as it is. */
export interface Ids {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly groups: readonly number[] | undefined;
}

interface Place {
  readonly observer: Observer;
  readonly target: number | undefined;
  readonly joinsUser: boolean;
  /** Of the user namespace that the command ends up in. */
  readonly maps: IdFacts | undefined;
  readonly language: Language;
}

/**
 * The ids to take, as nsenter has it: 0, 0 and no groups where a user namespace is joined; a gid goes with giving up the
 * groups. Names are those of the caller's /etc/passwd and /etc/group, as the files inside are not the caller's to trust.
 * What follows the target is translated by the id maps of the user namespace that is joined.
 */
export function idsOf({ uid, gid, groups, preserve }: IdWishes, place: Place): Ids {
  const { observer, target, joinsUser, maps, language } = place;
  const usual = joinsUser && !preserve ? 0 : undefined;
  const gidInside = numberOf(gid, "gid") ?? usual;
  return { uid: numberOf(uid, "uid") ?? usual, gid: gidInside, groups: groupsInside(gidInside) };

  function groupsInside(gidTaken: number | undefined): readonly number[] | undefined {
    if (groups === undefined) return gidTaken === undefined ? undefined : [];
    if (groups === "keep") return undefined;
    if (groups === "follow") return statusOfTarget("--groups").groups.map((id) => inside(id, "gid"));
    return groups.map((one) => (typeof one === "number" ? one : named(one.name, "gid")));
  }
  function numberOf(wish: IdWish | undefined, which: "uid" | "gid"): number | undefined {
    if (wish === undefined || typeof wish === "number") return wish;
    if (wish !== "follow") return named(wish.name, which);
    return inside(statusOfTarget(which === "uid" ? "--setuid" : "--setgid")[which].effective, which);
  }
  function statusOfTarget(option: string) {
    const status = target === undefined ? undefined : statusOf(observer, String(target));
    if (status === undefined) throw ownUsage(ENTER_USAGE["no-target"][language]({ option }), language);
    return status;
  }
  /** /proc shows numbers of our own user namespace. */
  function inside(id: number, which: "uid" | "gid"): number {
    if (!joinsUser) return id;
    const found = (maps?.[which] ?? []).map((extent) => translated(extent, id)).find((one) => one !== undefined);
    if (found === undefined)
      throw ownUsage(ENTER_USAGE["follow-unmapped"][language]({ id: `${which} ${id}` }), language);
    return found;
  }
  function named(name: string, which: "uid" | "gid"): number {
    const file = which === "uid" ? "/etc/passwd" : "/etc/group";
    const id = idNamed(name, file);
    if (id !== undefined) return id;
    const row = which === "uid" ? "unknown-user" : "unknown-group";
    throw ownUsage(ENTER_USAGE[row][language]({ name: brief(name) }), language);
  }
}

const translated = ({ inside, outside, count }: IdExtent, id: number): number | undefined =>
  id >= outside && id < outside + count ? inside + (id - outside) : undefined;

/** The third field of the first line of that name; passwd(5) and group(5) agree in that. */
export function idNamed(name: string, file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    // Then nobody has a name.
    return undefined;
  }
  for (const line of text.split("\n")) {
    const [first, , id = ""] = line.split(":");
    if (first === name && /^\d+$/.test(id)) return Number(id);
  }
  return undefined;
}
