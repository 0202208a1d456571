import { constants } from "node:fs";
import { IPC_SYSCTL_NAMES, sysctlFile, type IpcSysctl } from "../../abi/ipc-sysctls.ts";
import { KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { HostNames, IpcUse, UserLimits } from "../attributes.ts";
import * as calls from "./holder-calls.ts";

/** struct new_utsname: six texts of 65 bytes; the second is the host's, the sixth the domain's. */
const UTS_TEXT_BYTES = 65;

/** Of the uts namespace that the holder is in. */
export function tellHostNames(by: calls.Caller): Outcome<HostNames> {
  const told = calls.filling(by, "uname", [], 6 * UTS_TEXT_BYTES);
  if (!told.ok) return told;
  const { buffer, byteOffset } = told.value.struct;
  const textAt = (nth: number): string => {
    const bytes = new Uint8Array(buffer, byteOffset + nth * UTS_TEXT_BYTES, UTS_TEXT_BYTES);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  };
  return ok({ hostname: textAt(1), domainname: textAt(5) });
}

/** The commands, and where the structs have what is told: all `int` but for shm_tot, a `long`. Source: linux/shm.h, sem.h, msg.h. */
const SHM_INFO = { command: 14, bytes: 48, segments: 0, pages: 8 };
const SEM_INFO = { command: 19, bytes: 40, sets: 28, semaphores: 36 };
const MSG_INFO = { command: 12, bytes: 32, queues: 0, messages: 4, messageBytes: 24 };

/** Of the ipc namespace that the holder is in. ENOSYS: a kernel without System V IPC. */
export function tellIpcUse(by: calls.Caller): Outcome<IpcUse> {
  const shm = calls.filling(by, "shmctl", [0, SHM_INFO.command], SHM_INFO.bytes);
  if (!shm.ok) return shm;
  const sem = calls.filling(by, "semctl", [0, 0, SEM_INFO.command], SEM_INFO.bytes);
  if (!sem.ok) return sem;
  const msg = calls.filling(by, "msgctl", [0, MSG_INFO.command], MSG_INFO.bytes);
  if (!msg.ok) return msg;
  const [memory, semaphores, messages] = [shm.value.struct, sem.value.struct, msg.value.struct];
  return ok({
    segments: memory.getInt32(SHM_INFO.segments, true),
    pages: Number(memory.getBigUint64(SHM_INFO.pages, true)),
    semaphoreSets: semaphores.getInt32(SEM_INFO.sets, true),
    semaphores: semaphores.getInt32(SEM_INFO.semaphores, true),
    queues: messages.getInt32(MSG_INFO.queues, true),
    messages: messages.getInt32(MSG_INFO.messages, true),
    messageBytes: messages.getInt32(MSG_INFO.messageBytes, true),
    sysctls: ipcSysctls(by),
  });
}

/** Who reads is told those of the namespace that he is in. Source: ipc/ipc_sysctl.c set_lookup. */
function ipcSysctls(by: calls.Caller): IpcUse["sysctls"] {
  const found: Partial<Record<IpcSysctl, string>> = {};
  for (const name of IPC_SYSCTL_NAMES) {
    const text = readOnce(by, sysctlFile(name));
    if (text.ok) found[name] = text.value.trim();
  }
  return found;
}

/** The file of each kind's limit. Source: kernel/ucount.c. */
export const limitFile = (kind: NamespaceKind): string => `/proc/sys/user/max_${kind}_namespaces`;

/** Of the user namespace that the holder is in: these files are of whoever opens them. ENOENT before Linux 4.9. */
export function tellUserLimits(by: calls.Caller): Outcome<UserLimits> {
  const limits: Partial<Record<NamespaceKind, number>> = {};
  let first: Outcome<string> | undefined;
  for (const kind of KINDS) {
    const text = readFile(by, limitFile(kind));
    if (text.ok) limits[kind] = Number(text.value);
    else first ??= text;
  }
  return Object.keys(limits).length === 0 && first?.ok === false ? first : ok(limits);
}

/** The text of a sysctl, which one read(2) gives whole: there are many of them, and each call takes its time. */
function readOnce(by: calls.Caller, path: string): Outcome<string> {
  const opened = calls.open(by, path, constants.O_RDONLY);
  if (!opened.ok) return opened;
  const text = calls.read(by, opened.value);
  calls.close(by, opened.value);
  return text;
}

/** The text of a small file of the kernel's, such as those under /proc. */
export function readFile(by: calls.Caller, path: string): Outcome<string> {
  const opened = calls.open(by, path, constants.O_RDONLY);
  if (!opened.ok) return opened;
  let text = "";
  let failure: Outcome<string> | undefined;
  for (;;) {
    const piece = calls.read(by, opened.value);
    if (!piece.ok) failure = piece;
    if (!piece.ok || piece.value === "") break;
    text += piece.value;
    if (text.length > MOST_TEXT) failure = refused("EMSGSIZE");
    if (failure !== undefined) break;
  }
  calls.close(by, opened.value);
  return failure ?? ok(text);
}
const MOST_TEXT = 65_536;
