import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { ERRNOS } from "../../abi/errnos.ts";
import { isKind, KINDS } from "../../abi/namespace-kinds.ts";
import { Looking } from "./looked.ts";
import { DESCRIPTOR_CODES, SCAN_WISHES, type RawDescriptors } from "./native.ts";
import { attempt, type Read } from "./read-process.ts";

interface DescriptorRow {
  readonly row: number;
  readonly tid: number;
  readonly fd: number;
  readonly what: number;
  readonly inode: number;
  readonly device: number;
  readonly flags: number;
  readonly target: number;
}
type Classified = Pick<DescriptorRow, "what" | "inode" | "device">;

/**
 * What native/read-descriptors.c does, with Node's file functions alone. Node cannot look at a file without asking its file
 * system, which may never answer: so a namespace that was opened through a bind mount is told by fdinfo's mount id alone,
 * where that is a mount of ours.
 */
export class DescriptorReader {
  readonly #rows: DescriptorRow[] = [];
  readonly #looking = new Looking();
  readonly #wish: number;
  readonly #wanted: boolean;
  readonly #mounts: ReadonlyMap<string, Classified>;
  #left: number;

  constructor(limit: number, procRoot: string, wish: number) {
    this.#wanted = limit > 0;
    this.#left = limit;
    this.#wish = wish;
    this.#mounts = this.#wanted ? namespaceMounts(procRoot) : new Map();
  }

  readTable(folder: string, place: { row: number; tid: number }): void {
    if (!this.#wanted) return;
    if (this.#left === 0) {
      this.#looking.skipped++;
      return;
    }
    const names = attempt(() => readdirSync(`${folder}/fd`));
    if ("errno" in names) {
      this.#looking.failed(names.errno);
      return;
    }
    for (const name of names.value) {
      if (this.#left > 0) this.#left--;
      const errno = this.#readDescriptor(folder, { ...place, fd: Number(name) });
      if (errno === ERRNOS.ENOENT || errno === ERRNOS.ESRCH) this.#looking.vanished++;
      else if (errno !== 0) {
        this.#looking.failed(errno);
        return;
      }
    }
    this.#looking.seen++;
  }

  /** The errno, or 0. */
  #readDescriptor(folder: string, place: { row: number; tid: number; fd: number }): number {
    const path = `${folder}/fd/${place.fd}`;
    const link = attempt(() => readlinkSync(path));
    if ("errno" in link) return link.errno;
    const info = lazily(() => attempt(() => readFileSync(`${folder}/fdinfo/${place.fd}`, "latin1")));
    const found = link.value.startsWith("/") ? this.#mounted(info()) : this.#classify(link.value, path);
    if (found === undefined) return 0;
    const text = found.what === DESCRIPTOR_CODES.socket ? undefined : info();
    if (text !== undefined && "errno" in text && text.errno === ERRNOS.ENOENT) return text.errno;
    const fields = text !== undefined && "value" in text ? text.value : "";
    const target = number(fields, /^Pid:\t(-?\d+)$/m);
    // Closed, and something else open at its number by now.
    if (found.what === DESCRIPTOR_CODES.pidfd && target === undefined) return ERRNOS.ENOENT;
    this.#rows.push({
      ...place,
      ...found,
      flags: number(fields, /^flags:\t(\d+)$/m, 8) ?? -1,
      target: target ?? 0,
    });
    return 0;
  }

  #classify(text: string, path: string): Classified | undefined {
    if (text === "anon_inode:[pidfd]") return { what: DESCRIPTOR_CODES.pidfd, inode: 0, device: 0 };
    const [, name = "", digits] = /^([a-z]+):\[(\d+)\]$/.exec(text) ?? [];
    const inode = Number(digits);
    if (name === "socket") return { what: DESCRIPTOR_CODES.socket, inode, device: 0 };
    if (!isKind(name)) return undefined;
    const what = DESCRIPTOR_CODES.firstKind + KINDS.indexOf(name);
    if ((this.#wish & SCAN_WISHES.everyDevice) === 0) return { what, inode, device: 0 };
    const status = attempt(() => statSync(path));
    return "value" in status ? { what, inode, device: status.value.dev } : undefined;
  }

  #mounted(info: Read<string>): Classified | undefined {
    const mount = "value" in info ? /^mnt_id:\t(\d+)$/m.exec(info.value)?.[1] : undefined;
    return mount === undefined ? undefined : this.#mounts.get(mount);
  }

  columns(): RawDescriptors {
    const rows = this.#rows;
    return {
      ...this.#looking.counts,
      count: rows.length,
      row: Uint32Array.from(rows, ({ row }) => row),
      tid: Int32Array.from(rows, ({ tid }) => tid),
      fd: Int32Array.from(rows, ({ fd }) => fd),
      what: Uint8Array.from(rows, ({ what }) => what),
      inode: Float64Array.from(rows, ({ inode }) => inode),
      ...(this.#wish & SCAN_WISHES.everyDevice ? { device: Float64Array.from(rows, ({ device }) => device) } : {}),
      flags: Int32Array.from(rows, ({ flags }) => flags),
      target: Int32Array.from(rows, ({ target }) => target),
    };
  }
}

/** The bind mounts of namespace files in our own mount namespace, by mount id. */
function namespaceMounts(procRoot: string): ReadonlyMap<string, Classified> {
  const text = attempt(() => readFileSync(`${procRoot}/self/mountinfo`, "latin1"));
  const mounts = new Map<string, Classified>();
  if ("errno" in text) return mounts;
  for (const line of text.value.split("\n")) {
    const [, id, major, minor, inode] = /^(\d+) \d+ (\d+):(\d+) [a-z]+:\[(\d+)\] .* - nsfs /.exec(line) ?? [];
    if (id === undefined) continue;
    // Minor numbers of nsfs are small: the plain form of dev_t.
    const device = Number(major) * 256 + Number(minor);
    mounts.set(id, { what: DESCRIPTOR_CODES.namespace, inode: Number(inode), device });
  }
  return mounts;
}

function number(text: string, line: RegExp, base = 10): number | undefined {
  const digits = line.exec(text)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, base);
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
