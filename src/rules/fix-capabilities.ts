import { capBit, hasCap, type Capability } from "../abi/capabilities.ts";
import { CONSTANTS } from "../abi/constants.ts";
import { changedCredentials, type FullCredentials } from "./full-credentials.ts";

const { SECBIT_NO_SETUID_FIXUP, SECBIT_KEEP_CAPS, SECBIT_NOROOT } = CONSTANTS;

/** The capabilities over files, which go with the file system uid. Source: include/linux/capability.h CAP_FS_SET. */
const OF_FILES: readonly Capability[] = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_DAC_READ_SEARCH",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_LINUX_IMMUTABLE",
  "CAP_MKNOD",
  "CAP_MAC_OVERRIDE",
];
const FILE_SET = OF_FILES.reduce((set, name) => set | capBit(name), 0n);

/**
 * What leaving and taking uid 0 of the user namespace (`root`; undefined: it has no mapping, so nobody is it) does to the capabilities.
 * Who leaves it in all three ids loses the ambient ones even where SECBIT_KEEP_CAPS keeps the permitted ones.
 * Source: security/commoncap.c cap_emulate_setxuid.
 */
export function fixCapabilities<N>(
  before: FullCredentials<N>,
  after: FullCredentials<N>,
  root: number | undefined,
): FullCredentials<N> {
  if ((before.securebits & SECBIT_NO_SETUID_FIXUP) !== 0) return after;
  const isRoot = ({ ruid, euid, suid }: FullCredentials<N>): boolean => ruid === root || euid === root || suid === root;
  const left = isRoot(before) && !isRoot(after);
  const cleared = left && (before.securebits & SECBIT_KEEP_CAPS) === 0;
  const ambient = left ? 0n : after.ambient;
  const permitted = cleared ? 0n : after.permitted;
  const kept = cleared ? 0n : after.effective;
  if (before.euid === root && after.euid !== root)
    return changedCredentials(after, { ambient, permitted, effective: 0n });
  if (before.euid !== root && after.euid === root)
    return changedCredentials(after, { ambient, permitted, effective: permitted });
  return changedCredentials(after, { ambient, permitted, effective: kept });
}

/** The same for the file system uid alone. Source: security/commoncap.c cap_task_fix_setuid, LSM_SETID_FS. */
export function fixFileCapabilities<N>(
  before: FullCredentials<N>,
  after: FullCredentials<N>,
  root: number | undefined,
): FullCredentials<N> {
  if ((before.securebits & SECBIT_NO_SETUID_FIXUP) !== 0) return after;
  if (before.fsuid === root && after.fsuid !== root)
    return changedCredentials(after, { effective: after.effective & ~FILE_SET });
  if (before.fsuid !== root && after.fsuid === root) {
    return changedCredentials(after, { effective: after.effective | (after.permitted & FILE_SET) });
  }
  return after;
}

/**
 * EXEC: the credentials after execve(2) of a program without file capabilities; `setsId`: its set-user-ID bit has made
 * `who` another effective uid already. Uid 0 of the user
 * namespace gets what the bounding set leaves; everybody else, with a mapping or without, ends up with the ambient set.
 * Nothing is gained under no_new_privs, nor by a process that shares its root and working directory with another: who
 * would gain goes back to its real ids, unless CAP_SETUID lets it. To have other ids than before counts as gaining, and
 * ends the ambient set. The kernel takes for that an effective gid that is neither the file system gid nor a group;
 * until Linux 6.16 (`asOfReal`) also effective ids that are not the real ones.
 * Source: security/commoncap.c cap_bprm_creds_from_file.
 */
export function executed<N>(
  who: FullCredentials<N>,
  { root, sharesFs, asOfReal, setsId }: Execution,
): FullCredentials<N> {
  const isRoot = (who.securebits & SECBIT_NOROOT) === 0 && (who.euid === root || who.ruid === root);
  const gained = isRoot ? who.bounding | who.inheritable : 0n;
  const unsafe = sharesFs || who.noNewPrivs;
  const otherIds =
    setsId ||
    (asOfReal
      ? who.euid !== who.ruid || who.egid !== who.rgid
      : who.egid !== who.fsgid && !who.groups.includes(who.egid));
  const limited = unsafe && (otherIds || (gained & ~who.permitted) !== 0n);
  const ambient = otherIds ? 0n : who.ambient;
  const back = limited && (who.noNewPrivs || !hasCap(who.effective, "CAP_SETUID"));
  const [uid, gid] = back ? [who.ruid, who.rgid] : [who.euid, who.egid];
  const permitted = (limited ? gained & who.permitted : gained) | ambient;
  return changedCredentials(who, {
    euid: uid,
    suid: uid,
    fsuid: uid,
    egid: gid,
    sgid: gid,
    fsgid: gid,
    permitted,
    ambient,
    // Where only the real uid is 0, the capabilities are there to be raised. Where uid 0 does not count, both are the same.
    effective: who.euid === root ? permitted : ambient,
    securebits: who.securebits & ~SECBIT_KEEP_CAPS,
  });
}

/** What an execve(2) goes by besides the credentials. */
interface Execution {
  /** Uid 0 of the user namespace, as the kernel numbers it. */
  readonly root: number | undefined;
  readonly sharesFs: boolean;
  readonly asOfReal: boolean;
  readonly setsId: boolean;
}
