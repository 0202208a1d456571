import { closeSync, fstatSync, openSync, readFileSync, statSync } from "node:fs";
import { CONSTANTS } from "../abi/constants.ts";
import type { FileFacts, MountFacts } from "../caps/situation.ts";
import type { Observer } from "../kernel/observer.ts";
import type { Language } from "../messages/sentence.ts";
import { parseMountinfo, type MountRecord } from "../procfs/mountinfo.ts";
import { fileFailure } from "./file-failure.ts";
import type { Files } from "./find-resource.ts";

/** The files that questions are about: this machine's, or those of a world that is drawn, which has no more than mounts. */
export const filesBy = (observer: Observer, { isHere, language }: { isHere: boolean; language: Language }): Files => {
  const look = (path: string): FileFacts => {
    try {
      return lookAtFile(path, observer);
    } catch (error) {
      throw fileFailure(error, { subject: path, situation: "read-file", language });
    }
  };
  return {
    look,
    mountOf: (path) => (isHere ? look(path).mount : mountByName(path, observer)),
    sysctlMode(path) {
      const file = statSync(`${observer.procRoot}/sys/${path}`, { throwIfNoEntry: false });
      return file === undefined || file.isDirectory() ? undefined : file.mode & 0o777;
    },
  };
};

/** What stat(2) says of a file of this machine, and the mount that it lies on. Nothing is opened for reading: O_PATH. */
function lookAtFile(path: string, observer: Observer): FileFacts {
  const fd = openSync(path, CONSTANTS.O_PATH | CONSTANTS.O_CLOEXEC);
  try {
    const { uid, gid, mode } = fstatSync(fd);
    const mount = mountWith(mountsOf(observer), mountIdOf(fd));
    return { uid, gid, mode: mode & 0o7777, ...(mount !== undefined && { mount: mountFacts(mount) }) };
  } finally {
    closeSync(fd);
  }
}

/** The mount that a path lies on by its name alone, as in a world that is drawn: symbolic links are not followed. */
function mountByName(path: string, observer: Observer): MountFacts | undefined {
  let best: MountRecord | undefined;
  for (const mount of mountsOf(observer)) {
    const { mountPoint } = mount;
    const isAbove = mountPoint === "/" || path === mountPoint || path.startsWith(`${mountPoint}/`);
    // A later one covers an earlier one at the same place.
    if (isAbove && mountPoint.length >= (best?.mountPoint.length ?? 0)) best = mount;
  }
  return best && mountFacts(best);
}

function mountsOf(observer: Observer): readonly MountRecord[] {
  using view = observer.mountView();
  const text = view.mountinfo();
  const parsed = text.ok ? parseMountinfo(text.value) : undefined;
  return parsed?.ok === true ? parsed.value : [];
}

/** Since Linux 3.15. */
function mountIdOf(fd: number): number | undefined {
  const id = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"))?.[1];
  return id === undefined ? undefined : Number(id);
}

const mountWith = (mounts: readonly MountRecord[], id: number | undefined): MountRecord | undefined =>
  mounts.find((mount) => mount.id === id);

const mountFacts = ({ id, mountPoint, fsType, options, superOptions }: MountRecord): MountFacts => ({
  id,
  mountPoint,
  fsType,
  options,
  readOnly: options.includes("ro") || superOptions.split(",").includes("ro"),
});
