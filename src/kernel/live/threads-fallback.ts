import { readdirSync } from "node:fs";
import { ERRNOS } from "../../abi/errnos.ts";
import { LINKS } from "../../abi/proc-links.ts";
import type { DescriptorReader } from "./descriptors-fallback.ts";
import { Looking } from "./looked.ts";
import { nameColumn } from "./name-column.ts";
import { SCAN_WISHES, type RawThreads } from "./native.ts";
import { attempt, readLinks, readStat, type LinkRead, type ProcessRow } from "./read-process.ts";

interface ThreadRow {
  readonly row: number;
  readonly tid: number;
  readonly startTime: number;
  readonly comm: Uint8Array;
  readonly links: readonly LinkRead[];
}
const MNT = LINKS.indexOf("mnt");

/** What native/read-threads.c does, with Node's file functions alone; kcmp(2) cannot be asked. */
export class ThreadReader {
  readonly #rows: ThreadRow[] = [];
  readonly #looking = new Looking();
  readonly #wish: number;
  readonly #wanted: boolean;
  #left: number;

  constructor(limit: number, wish: number) {
    this.#wanted = limit > 0;
    this.#left = limit;
    this.#wish = wish;
  }

  /** `tables`: the leader has ended, and its table of descriptors is that of the first thread. */
  readThreads(
    folder: string,
    leader: ProcessRow,
    { row, tables }: { row: number; tables: DescriptorReader | undefined },
  ): void {
    const others = leader.stat.threads - 1;
    if (!this.#wanted || others < 1) return;
    if (others > this.#left) {
      this.#looking.skipped += others;
      return;
    }
    this.#left -= others;
    const names = attempt(() => readdirSync(`${folder}/task`));
    if ("errno" in names) {
      this.#looking.failed(names.errno, others);
      return;
    }
    let table = tables;
    for (const tid of names.value.map(Number)) {
      if (tid === leader.pid) continue;
      const found = this.#readThread(`${folder}/task/${tid}`, leader, { row, tid });
      if (!found || table === undefined) continue;
      table.readTable(`${folder}/task/${tid}`, { row, tid });
      table = undefined;
    }
  }

  /** Whether it is there and may be looked at. */
  #readThread(folder: string, leader: ProcessRow, { row, tid }: { row: number; tid: number }): boolean {
    const before = readStat(folder);
    const links = readLinks(folder, this.#wish);
    const after = readStat(folder);
    const errno = failure(before) ?? failure(after) ?? links[MNT]?.errno ?? 0;
    if (errno !== 0) {
      this.#looking.failed(errno);
      return false;
    }
    if ("errno" in before || "errno" in after) return false;
    // Another thread has the number by now.
    if (before.value.stat.startTime !== after.value.stat.startTime) {
      this.#looking.failed(ERRNOS.ESRCH);
      return false;
    }
    this.#looking.seen++;
    if (!differ(links, leader.links)) return true;
    const { stat, comm } = after.value;
    this.#rows.push({ row, tid, startTime: stat.startTime, comm, links });
    return true;
  }

  columns(): RawThreads {
    const rows = this.#rows;
    const links = LINKS.flatMap((_, link) => rows.map((row) => row.links[link]));
    return {
      ...this.#looking.counts,
      count: rows.length,
      row: Uint32Array.from(rows, ({ row }) => row),
      tid: Int32Array.from(rows, ({ tid }) => tid),
      startTime: Float64Array.from(rows, ({ startTime }) => startTime),
      comm: nameColumn(rows),
      inode: Float64Array.from(links, (link) => link?.inode ?? 0),
      errno: Uint16Array.from(links, (link) => link?.errno ?? 0),
      ...(this.#wish & SCAN_WISHES.everyDevice
        ? { device: Float64Array.from(links, (link) => link?.device ?? 0) }
        : {}),
    };
  }
}

const failure = (read: ReturnType<typeof readStat>): number | undefined => ("errno" in read ? read.errno : undefined);

const differ = (thread: readonly LinkRead[], leader: readonly LinkRead[]): boolean =>
  thread.some(({ inode, device, errno }, nth) => {
    const own = leader[nth];
    return inode !== own?.inode || device !== own.device || errno !== own.errno;
  });
