import type { ErrnoName } from "../abi/errnos.ts";
import type { MountView } from "../kernel/mounting.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import { parseMountinfo, type KnownMounts, type MountRecord } from "../procfs/mountinfo.ts";
import type { Outcome } from "../rules/outcome.ts";
import type { Answer, MountTable } from "../snapshot/types.ts";
import type { Doorway } from "./doorway.ts";

/** A mount that was seen. */
export interface SeenMount extends MountRecord {
  /** The process from whose root the path starts, where that is not the root of the mount namespace. */
  readonly through?: number;
}

/** The mounts of one mount namespace, as far as they could be read. */
export interface ReadTable {
  readonly mounts: readonly SeenMount[];
  readonly answer: Answer<MountTable>;
  /** A process that has the namespace's root, as /proc says. */
  readonly member: number | undefined;
}

/** Processes that are asked where the one before has another root: most have the same. */
const TRIES = 16;

interface TableWish {
  readonly file: NsFile | undefined;
  /** Processes and threads that are in it. */
  readonly members: readonly number[];
  readonly isOwn: boolean;
  /** A process of which nobody told where it is: what it sees is all there is to see. */
  readonly stranger?: number;
  /** What other tables had. */
  readonly known?: KnownMounts;
}

/**
 * Reads what is mounted in a mount namespace: through a process that has its root, by statmount, through a process of ours
 * that enters; then, for what is still missing, through processes with other roots. Mounts are told apart by their
 * numbers, which are the machine's, so that views can be laid over each other. Whether all was seen, the count
 * of the kernel says (since Linux 6.12).
 */
export function readTable(
  observer: Observer,
  doorway: Doorway,
  { file, members, isOwn, stranger, known }: TableWish,
): ReadTable {
  const mounts = new Map<number, SeenMount>();
  const count = file?.mountCount();
  const isWhole = (): boolean => mounts.size > 0 && (count?.ok !== true || mounts.size >= count.value);
  const others: number[] = stranger === undefined ? [] : [stranger];
  let member: number | undefined;
  let table: Pick<MountTable, "by" | "readFrom"> | undefined;
  let refused: ErrnoName = "ENOENT";
  const take = (
    outcome: Outcome<readonly MountRecord[]>,
    by: Pick<MountTable, "by" | "readFrom">,
    through?: number,
  ): void => {
    if (!outcome.ok) {
      refused = outcome.errno;
      return;
    }
    for (const mount of outcome.value) {
      if (!mounts.has(mount.id)) mounts.set(mount.id, through === undefined ? mount : { ...mount, through });
    }
    table ??= by;
  };

  if (isOwn) take(shownBy(observer.mountView(), known), { by: "mountinfo" });
  for (const pid of isWhole() ? [] : members.slice(0, TRIES)) {
    using view = observer.mountView(pid);
    const root = view.root();
    if (isOwn || !root.ok || root.value !== "/") {
      others.push(pid);
      continue;
    }
    const shown = shownBy(view, known);
    // It may have ended meanwhile, and its number may be another's: then this was another's table.
    const look = file === undefined ? undefined : observer.look(`${observer.procRoot}/${pid}/ns/mnt`);
    if (look !== undefined && !(look.ok && look.value.id === file?.id)) continue;
    take(shown, { by: "mountinfo", readFrom: pid });
    member ??= pid;
    if (isWhole()) break;
  }
  if (!isWhole() && !isOwn && file !== undefined) {
    const stated = file.mounts();
    take(stated.ok ? { ok: true, value: stated.value.mounts } : stated, { by: "statmount" });
  }
  if (mounts.size === 0 && file !== undefined) {
    const entered = doorway.enter(file);
    if (entered.ok) {
      using view = entered.value;
      take(shownBy(view, known), { by: "entered" });
    } else refused = entered.errno;
  }
  for (const pid of isWhole() ? [] : others) {
    using view = observer.mountView(pid);
    take(shownBy(view, known), { by: "mountinfo", readFrom: pid }, pid);
    if (isWhole() && count?.ok === true) break;
  }

  if (table === undefined) return { mounts: [], member, answer: { refused, call: "openat" } };
  const more = count?.ok === true ? { outOfReach: Math.max(0, count.value - mounts.size) } : {};
  return { mounts: [...mounts.values()], member, answer: { value: { ...table, seen: mounts.size, ...more } } };
}

/** What a view shows mounted. EBADMSG: it is no mountinfo. */
export function shownBy(view: MountView, known?: KnownMounts): Outcome<readonly MountRecord[]> {
  const text = view.mountinfo();
  if (!text.ok) return text;
  const parsed = parseMountinfo(text.value, known);
  return parsed.ok ? parsed : { ok: false, errno: "EBADMSG" };
}
