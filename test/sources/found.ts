import type { Held } from "./held.ts";
import type { Lsns, Nsatlas, Told, Unseen } from "./programs.ts";

/** A row of the page. */
export interface Found {
  readonly title: string;
  /** `uts` */
  readonly type: string;
  /** By the names of the programs. */
  readonly lists: Readonly<Record<string, string>>;
  readonly names: string;
  /** What would let it go; without numbers, which are others each time. */
  readonly release: readonly string[];
  /** Whether it ended when that was done; undefined: the kernel does not tell. */
  readonly ended: boolean | undefined;
}

/** Who found a namespace, and what comes of doing what `why` says. */
export async function find(held: Held, seen: Seen): Promise<Omit<Found, "title">> {
  const { nsatlas, lists, lsns } = seen;
  const told = ours(nsatlas, held.ref, held.pids());
  const cells = lsns.map((one) => [one.name, lsnsCell(one, held, holdersAmong(told))] as const);
  const before = held.isThere();
  const { names, release } = told.length > 0 ? await obey(held, told, seen) : await letGoOfUnseen(held, seen);
  return {
    type: held.ref.replace(/:.*/, ""),
    lists: Object.fromEntries([...cells, ["nsatlas", lists.has(held.ref) ? "yes" : "no"]]),
    names,
    release,
    ended: before === true ? await held.endsSoon() : before,
  };
}

type Named = Pick<Found, "names" | "release">;

async function obey(held: Held, told: readonly Told[], seen: Seen): Promise<Named> {
  await letGo(held, told, seen);
  return { names: "yes", release: told.map(({ release }) => withoutNumbers(release.text, held)) };
}

/** Nothing tells which namespace it is; that there is something which holds one is told. */
async function letGoOfUnseen(held: Held, { unseen }: Seen): Promise<Named> {
  const flight = unseen.flights.find(({ pid }) => pid === held.pid);
  if (flight !== undefined) {
    await held.close(flight.pid, flight.fd);
    return { names: "no: tells the socket and how many", release: ["(close the socket)"] };
  }
  if (unseen.mounts === 0 || !held.unmountFileSystem()) return { names: "no", release: [] };
  return { names: "no: counts the mount", release: ["(unmount it)"] };
}

export interface Seen {
  readonly nsatlas: Nsatlas;
  /** What `nsatlas list` shows. */
  readonly lists: ReadonlySet<string>;
  readonly lsns: readonly Lsns[];
  readonly unseen: Unseen;
}

/** Whoever else looks at the machine at the same time has all open for that long. */
function ours(nsatlas: Nsatlas, ref: string, pids: readonly number[]): readonly Told[] {
  const holders = nsatlas.why(ref)?.holders ?? [];
  return holders.filter(({ pid }) => pid === undefined || pids.includes(pid));
}

const holdersAmong = (told: readonly Told[]): readonly number[] => told.flatMap(({ pid }) => pid ?? []);

function lsnsCell({ lists, persistent }: Lsns, held: Held, holders: readonly number[]): string {
  const rowIn = (lines: readonly string[]): string | undefined =>
    lines.find((line) => line.trimStart().split(" ")[0] === held.inode);
  const row = rowIn(lists) ?? rowIn(persistent);
  if (row === undefined) return "no";
  const isNamed = row.includes(held.folder) || holders.some((pid) => row.split(" ").includes(String(pid)));
  const how = rowIn(lists) === undefined ? "with `-P`" : "yes";
  return isNamed ? `${how}, and the holder` : how;
}

/** Does what it says. Where a holder is a namespace, what holds that is asked and done. */
async function letGo(held: Held, told: readonly Told[], seen: Seen): Promise<void> {
  for (const { release } of told) {
    const { do: what, pid = 0, fd = -1, path = "", mountNamespace, text } = release;
    if (what === "end-process") held.end(pid, "SIGKILL");
    else if (what === "end-thread") held.end(pid, "SIGUSR1");
    else if (what === "close") await held.close(pid, fd);
    else if (what === "unmount") held.unmount(path, mountNamespace === "unknown" ? undefined : mountNamespace);
    else if (what === "let-go") {
      const ref = /why (\S+)$/.exec(text)?.[1] ?? "";
      await letGo(held, ours(seen.nsatlas, ref, held.pids()), seen);
    } else throw new Error(`nobody knows how to ${what}: ${text}`);
  }
}

const withoutNumbers = (text: string, { folder }: Held): string =>
  text
    .replaceAll(folder, "…")
    .replace(/\[\d+\]/g, "[…]")
    .replace(/\b\d+\b/g, "N");
