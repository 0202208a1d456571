declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/**
 * A namespace, as `MAJ:MIN/INO` of its nsfs file (decimal), as in `net:[0:4/4026531833]`.
 * Both numbers count: the device may come to matter. Inodes are reused: compare ids within one snapshot only.
 */
export type NamespaceId = Branded<string, "NamespaceId">;

/** A device number as the kernel's stat gives it, taken apart as glibc's major() and minor() do. */
export interface Device {
  readonly major: number;
  readonly minor: number;
}

/** Source: gnu_dev_major(3), gnu_dev_minor(3). */
export function deviceOf(dev: bigint): Device {
  return {
    major: Number(((dev >> 8n) & 0xfffn) | ((dev >> 32n) & 0xfffff000n)),
    minor: Number((dev & 0xffn) | ((dev >> 12n) & 0xffffff00n)),
  };
}

/** The inverse of `deviceOf`. Source: gnu_dev_makedev(3). */
export function makedev({ major, minor }: Device): bigint {
  const [high, low] = [BigInt(major), BigInt(minor)];
  return ((high & 0xfffn) << 8n) | ((high & 0xfffff000n) << 32n) | (low & 0xffn) | ((low & 0xffffff00n) << 12n);
}

/** Of `st_dev` and `st_ino`. */
export function namespaceId(dev: bigint, ino: bigint): NamespaceId {
  const { major, minor } = deviceOf(dev);
  return `${major}:${minor}/${ino}` as NamespaceId;
}

/** The same for many on one device, by inode numbers that fit a double: nsfs has 32 bits. */
export function namespaceIdsOn(dev: bigint): (ino: number) => NamespaceId {
  const { major, minor } = deviceOf(dev);
  const device = `${major}:${minor}/`;
  return (ino) => `${device}${ino}` as NamespaceId;
}

const ID_TEXT = /^(\d{1,10}):(\d{1,10})\/(\d{1,20})$/;
const MAX_DEVICE_PART = 0xffffffff;
const MAX_INODE = 0xffffffffffffffffn;

/** Reads `MAJ:MIN/INO`; undefined where the text is not that, or a number is out of range. */
export function parseNamespaceId(text: string): NamespaceId | undefined {
  const match = ID_TEXT.exec(text);
  if (match === null) return undefined;
  const [major, minor, ino] = [Number(match[1]), Number(match[2]), BigInt(match[3] ?? "")];
  if (major > MAX_DEVICE_PART || minor > MAX_DEVICE_PART || ino > MAX_INODE) return undefined;
  return `${major}:${minor}/${ino}` as NamespaceId;
}

/** The `st_ino` half of an id, as text: 64 bits do not fit a number. */
export const inodeOf = (id: NamespaceId): string => id.slice(id.indexOf("/") + 1);
/** The `MAJ:MIN` half of an id. */
export const deviceTextOf = (id: NamespaceId): string => id.slice(0, id.indexOf("/"));

/** A process, numbered as the pid namespace of the /proc it was read from sees it. */
export type Pid = Branded<number, "Pid">;
/** The highest pid_max a 64-bit kernel accepts (PID_MAX_LIMIT); pids stay below it. */
export const PID_MAX_LIMIT = 4_194_304;
/** Since when each pid namespace has a kernel.pid_max of its own, at first PID_MAX_LIMIT. Source: kernel/pid_namespace.c. */
export const PID_MAX_OF_EACH = "6.14";

export function pid(n: number): Pid {
  if (!Number.isSafeInteger(n) || n < 1 || n > PID_MAX_LIMIT) {
    throw new RangeError(`a pid is a whole number from 1 to ${PID_MAX_LIMIT}, got ${n}`);
  }
  return n as Pid;
}
