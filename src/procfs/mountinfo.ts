import type { Device } from "../abi/ids.ts";
import { S32_MAX, U32_MAX, unsigned } from "./decimal.ts";
import { decodeOctal, encodeOctal } from "./octal-escapes.ts";
import { parseLines, type Parsed } from "./parsed.ts";

/** One mount, as the reader's root sees it. */
export interface MountRecord {
  /** Reused at once after an unmount. */
  readonly id: number;
  /** Its own id for the mount at the top; an id that is not listed where the parent lies outside the reader's root. */
  readonly parent: number;
  /** `st_dev` of the files below. */
  readonly device: Device;
  /** The path in the file system that is mounted here; for a namespace file its link text: `net:[4026531833]`. */
  readonly root: string;
  /** The path of the mount; the kernel appends `//deleted` to one whose folder or file is gone. */
  readonly mountPoint: string;
  /** Of this mount: `rw`, `nosuid` … */
  readonly options: readonly string[];
  /** Propagation: `shared:N`, `master:N`, `propagate_from:N`, `unbindable`. */
  readonly optional: readonly string[];
  readonly fsType: string;
  /** May be empty. */
  readonly source: string;
  /** Of the file system, left as written: an escaped comma (`\054`) is no separator. */
  readonly superOptions: string;
}

const EXPECTED = "ID PARENT MAJ:MIN ROOT MOUNTPOINT OPTIONS [TAG…] - TYPE SOURCE SUPEROPTIONS";

/**
 * Reads the whole text of /proc/PID/mountinfo (since Linux 2.6.26).
 * Source: fs/proc_namespace.c show_mountinfo, proc_pid_mountinfo(5).
 */
export const parseMountinfo = (text: string, known?: KnownMounts): Parsed<readonly MountRecord[]> =>
  parseLines(text, { file: "mountinfo", expected: EXPECTED, parse: (line) => parseMount(line, known) });

/** A mount without its two numbers. */
export type MountLine = Omit<MountRecord, "id" | "parent">;

/** Reads the lines of a mountinfo whose first two fields were taken away. */
export const parseMountLines = (text: string, known: KnownMounts): Parsed<readonly MountLine[]> =>
  parseLines(text, { file: "mountinfo", expected: EXPECTED, parse: (line) => knownLine(line, known) });

/**
 * What lines said after their two numbers, by their text: in a copy of a mount namespace nothing else is another's, and most
 * mount namespaces are copies. For several texts, in which most lines are read once.
 */
export type KnownMounts = Map<string, MountLine>;
/** A machine may have as many different lines as somebody likes. */
const MOST_KNOWN = 8192;

export const formatMountinfo = (mounts: readonly MountRecord[]): string => mounts.map(formatMount).join("");

/** Behind the two numbers. */
const FIXED_FIELDS = 4;
const FIELDS_AFTER_DASH = 3;

function parseMount(line: string, known: KnownMounts | undefined): MountRecord | undefined {
  const first = line.indexOf(" ");
  const second = line.indexOf(" ", first + 1);
  if (first < 0 || second < 0) return undefined;
  const id = unsigned(line.slice(0, first), S32_MAX);
  const parent = unsigned(line.slice(first + 1, second), S32_MAX);
  const rest = knownLine(line.slice(second + 1), known);
  return id === undefined || parent === undefined || rest === undefined ? undefined : { id, parent, ...rest };
}

function knownLine(line: string, known: KnownMounts | undefined): MountLine | undefined {
  const before = known?.get(line);
  if (before !== undefined) return before;
  const mount = parseLine(line);
  if (mount !== undefined && known !== undefined && known.size < MOST_KNOWN) known.set(line, mount);
  return mount;
}

function parseLine(line: string): MountLine | undefined {
  const fields = line.split(" ");
  // An empty source leaves two blanks in a row, so the fields are counted from the dash and not from the end.
  const dash = fields.indexOf("-", FIXED_FIELDS);
  if (dash < 0 || fields.length !== dash + 1 + FIELDS_AFTER_DASH) return undefined;
  const [deviceText, root = "", mountPoint = "", options = ""] = fields;
  const [fsType = "", source = "", superOptions = ""] = fields.slice(dash + 1);

  const device = parseDevice(deviceText);
  if (device === undefined) return undefined;
  if (root === "" || mountPoint === "" || options === "" || fsType === "") return undefined;
  return {
    device,
    root: decodeOctal(root),
    mountPoint: decodeOctal(mountPoint),
    options: options.split(","),
    optional: fields.slice(FIXED_FIELDS, dash),
    fsType: decodeOctal(fsType),
    source: decodeOctal(source),
    superOptions,
  };
}

function parseDevice(text: string | undefined): Device | undefined {
  const parts = text?.split(":") ?? [];
  if (parts.length !== 2) return undefined;
  const [major, minor] = [unsigned(parts[0], U32_MAX), unsigned(parts[1], U32_MAX)];
  return major === undefined || minor === undefined ? undefined : { major, minor };
}

function formatMount(mount: MountRecord): string {
  const fields = [
    mount.id,
    mount.parent,
    `${mount.device.major}:${mount.device.minor}`,
    encodeOctal(mount.root),
    encodeOctal(mount.mountPoint),
    mount.options.join(","),
    ...mount.optional,
    "-",
    encodeOctal(mount.fsType, "#"),
    encodeOctal(mount.source, "#"),
    mount.superOptions,
  ];
  return `${fields.join(" ")}\n`;
}
