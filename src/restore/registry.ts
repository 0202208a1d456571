import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { RegistryEntry } from "./registry-entry.ts";

/** A name that is taken, unknown, or none. */
export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly what: "taken" | "unknown" | "bad-name" | "damaged" | "not-ours";
  readonly subject: string;

  constructor(what: RegistryError["what"], subject: string, options?: ErrorOptions) {
    super(`${what}: ${subject}`, options);
    this.what = what;
    this.subject = subject;
  }
}

const PRIVATE_FOLDER = 0o700;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

/** Whether a restore may be called that: it is a file's name. */
export const isRestoreName = (name: string): boolean => NAME.test(name);

const ROOTS_FOLDER = "/run/nsatlas";

/**
 * root's folder; of an ordinary user the one below XDG_RUNTIME_DIR, or where that is not set one of its own in /tmp. Who is root
 * in a user namespace of an ordinary user may not write to /run, and is one here too.
 */
export function registryFolder(env: Readonly<Record<string, string | undefined>>, uid: number): string {
  if (uid === 0 && canHold(ROOTS_FOLDER)) return ROOTS_FOLDER;
  const own = env["XDG_RUNTIME_DIR"];
  return own !== undefined && own.startsWith("/") ? join(own, "nsatlas") : `/tmp/nsatlas-${uid}`;
}

/** Whether files can be made in a folder, or it in the one above. */
function canHold(folder: string): boolean {
  try {
    accessSync(existsSync(folder) ? folder : dirname(folder), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What restores made, a file each. Node's error of the call that failed where the folder cannot be used. */
export class Registry {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes the folder; `not-ours`: somebody else's, who could put anything there. */
  prepare(uid: number): void {
    mkdirSync(this.folder, { recursive: true, mode: PRIVATE_FOLDER });
    const found = lstatSync(this.folder);
    if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0) {
      throw new RegistryError("not-ours", this.folder);
    }
  }

  #path(name: string): string {
    if (!isRestoreName(name)) throw new RegistryError("bad-name", name);
    return join(this.folder, `${name}.json`);
  }

  /** Takes the name. */
  begin(entry: RegistryEntry): void {
    try {
      const fd = openSync(this.#path(entry.name), "wx", 0o600);
      try {
        writeSync(fd, textOf(entry));
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      if (codeOf(error) === "EEXIST") throw new RegistryError("taken", entry.name, { cause: error });
      throw error;
    }
  }

  /** In one step: whoever reads sees the old or the new. */
  write(entry: RegistryEntry): void {
    const path = this.#path(entry.name);
    const draft = `${path}.new`;
    writeFileSync(draft, textOf(entry), { mode: 0o600 });
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  }

  read(name: string): RegistryEntry {
    let text: string;
    try {
      text = readFileSync(this.#path(name), "utf8");
    } catch (error) {
      if (codeOf(error) === "ENOENT") throw new RegistryError("unknown", name, { cause: error });
      throw error;
    }
    return decode(text, name);
  }

  forget(name: string): void {
    rmSync(`${this.#path(name)}.new`, { force: true });
    rmSync(this.#path(name), { force: true });
  }

  /** Takes the folder away where nothing is left in it. */
  tidy(): void {
    try {
      rmdirSync(this.folder);
    } catch {
      // Something is in it, or it was never made.
    }
  }

  /** By name. One that cannot be read is left out. */
  names(): readonly string[] {
    try {
      return readdirSync(this.folder)
        .filter((file) => file.endsWith(".json"))
        .map((file) => file.slice(0, -".json".length))
        .filter(isRestoreName)
        .toSorted();
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  }
}

const textOf = (entry: RegistryEntry): string => `${JSON.stringify(entry, undefined, 2)}\n`;
const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

/** The file is its owner's alone, who wrote it by this very program; empty where that was killed before the first byte. */
function decode(text: string, name: string): RegistryEntry {
  if (text === "") return { ...NOTHING, name };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RegistryError("damaged", name, { cause: error });
  }
  if (!isEntry(value)) throw new RegistryError("damaged", name);
  return value;
}
const NOTHING: Omit<RegistryEntry, "name"> = {
  format: "nsatlas-restore",
  version: 1,
  state: "making",
  madeAt: "",
  bootId: "",
  maker: { pid: 0, startTime: 0 },
  processes: [],
  mounts: [],
  files: [],
};

function isEntry(value: unknown): value is RegistryEntry {
  if (typeof value !== "object" || value === null) return false;
  const { format, version, name, processes, mounts, files } = value as Partial<Record<keyof RegistryEntry, unknown>>;
  return (
    format === "nsatlas-restore" &&
    version === 1 &&
    typeof name === "string" &&
    [processes, mounts, files].every((list) => Array.isArray(list))
  );
}
