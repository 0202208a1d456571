import { constants } from "node:fs";
import { IPC_SYSCTL_NAMES, sysctlFile } from "../../abi/ipc-sysctls.ts";
import { NETWORK_SYSCTL_NAMES } from "../../abi/network-sysctls.ts";
import { KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import { ok, refused, type Outcome } from "../../rules/outcome.ts";
import type { HostNames, IpcUse, NetworkSysctls, UserLimits } from "../attributes.ts";
import { askText, type Asking } from "./asking.ts";
import * as calls from "./holder-calls.ts";
import { blank } from "./series.ts";

/** struct new_utsname: six texts of 65 bytes; the second is the host's, the sixth the domain's. */
const UTS_TEXT_BYTES = 65;

/** Of the uts namespace that the holder is in. */
export const HOST_NAMES: Asking<HostNames> = {
  ask(series) {
    const uname = series.call("uname", blank(6 * UTS_TEXT_BYTES));
    return (told) => {
      const answer = told.of(uname);
      if (!answer.ok) return answer;
      const texts = told.bytes(uname, 6 * UTS_TEXT_BYTES);
      const textAt = (nth: number): string => {
        const bytes = texts.subarray(nth * UTS_TEXT_BYTES, (nth + 1) * UTS_TEXT_BYTES);
        const end = bytes.indexOf(0);
        return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
      };
      return ok({ hostname: textAt(1), domainname: textAt(5) });
    };
  },
};

/** The commands, and where the structs have what is told: all `int` but for shm_tot, a `long`. Source: linux/shm.h, sem.h, msg.h. */
const SHM_INFO = { command: 14, bytes: 48, segments: 0, pages: 8 };
const SEM_INFO = { command: 19, bytes: 40, sets: 28, semaphores: 36 };
const MSG_INFO = { command: 12, bytes: 32, queues: 0, messages: 4, messageBytes: 24 };

/** A sysctl is a number or a few. */
const SYSCTL_BYTES = 128;

/**
 * Of the ipc namespace that the holder is in. ENOSYS: a kernel without System V IPC. Who reads a sysctl is told that of the
 * namespace that he is in. Source: ipc/ipc_sysctl.c set_lookup.
 */
export const IPC_USE: Asking<IpcUse> = {
  ask(series) {
    const shm = series.call("shmctl", 0, SHM_INFO.command, blank(SHM_INFO.bytes));
    const sem = series.call("semctl", 0, 0, SEM_INFO.command, blank(SEM_INFO.bytes));
    const msg = series.call("msgctl", 0, MSG_INFO.command, blank(MSG_INFO.bytes));
    const sysctls = IPC_SYSCTL_NAMES.map((name) => ({ name, read: askText(series, sysctlFile(name), SYSCTL_BYTES) }));
    return (told) => {
      for (const call of [shm, sem, msg]) {
        const answer = told.of(call);
        if (!answer.ok) return answer;
      }
      const [memory, semaphores, messages] = [
        viewOf(told.bytes(shm, SHM_INFO.bytes)),
        viewOf(told.bytes(sem, SEM_INFO.bytes)),
        viewOf(told.bytes(msg, MSG_INFO.bytes)),
      ];
      return ok({
        segments: memory.getInt32(SHM_INFO.segments, true),
        pages: Number(memory.getBigUint64(SHM_INFO.pages, true)),
        semaphoreSets: semaphores.getInt32(SEM_INFO.sets, true),
        semaphores: semaphores.getInt32(SEM_INFO.semaphores, true),
        queues: messages.getInt32(MSG_INFO.queues, true),
        messages: messages.getInt32(MSG_INFO.messages, true),
        messageBytes: messages.getInt32(MSG_INFO.messageBytes, true),
        sysctls: sysctlsOf(sysctls.map(({ name, read }) => ({ name, text: read(told) }))),
      });
    };
  },
};

/** Of the network namespace that the holder is in. Source: net/sysctl_net.c net_ctl_header_lookup. */
export const NETWORK_SYSCTL_TEXTS: Asking<NetworkSysctls> = {
  ask(series) {
    const texts = NETWORK_SYSCTL_NAMES.map((name) => ({ name, read: askText(series, sysctlFile(name), SYSCTL_BYTES) }));
    return (told) => {
      const found = texts.map(({ name, read }) => ({ name, text: read(told) }));
      // The list of ports can be long.
      return found.some(({ text }) => text === undefined) ? undefined : ok(sysctlsOf(found));
    };
  },
  slowly: (by) => ok(sysctlsOf(NETWORK_SYSCTL_NAMES.map((name) => ({ name, text: readFile(by, sysctlFile(name)) })))),
};

/** Those that there are. */
function sysctlsOf<Name extends string>(
  texts: readonly { readonly name: Name; readonly text: Outcome<string> | undefined }[],
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (const { name, text } of texts) if (text?.ok === true) found[name] = text.value.trim();
  return found;
}

/** The file of each kind's limit. Source: kernel/ucount.c. */
const limitFile = (kind: NamespaceKind): string => `/proc/sys/user/max_${kind}_namespaces`;

/** Of the user namespace that the holder is in: these files are of whoever opens them. ENOENT before Linux 4.9. */
export const USER_LIMITS: Asking<UserLimits> = {
  ask(series) {
    const files = KINDS.map((kind) => ({ kind, read: askText(series, limitFile(kind), SYSCTL_BYTES) }));
    return (told) => {
      const limits: Partial<Record<NamespaceKind, number>> = {};
      let first: Outcome<string> | undefined;
      for (const { kind, read } of files) {
        const text = read(told) ?? refused("EMSGSIZE");
        if (text.ok) limits[kind] = Number(text.value);
        else first ??= text;
      }
      return Object.keys(limits).length === 0 && first?.ok === false ? first : ok(limits);
    };
  },
};

/** Of the time namespace that the children of the holder will be in, which it has joined. ENOENT before Linux 5.6. */
export const CLOCKS: Asking<string> = {
  ask: (series) => askText(series, "/proc/self/timens_offsets", PAGE_BYTES),
};

/** The texts of files under /proc, such as read otherwise from within another cgroup namespace. */
export const textsOf = (paths: readonly string[]): Asking<readonly Outcome<string>[]> => ({
  ask(series) {
    const room = Math.floor(TEXTS_BYTES / Math.max(1, paths.length));
    const files = paths.map((path) => askText(series, path, room));
    return (told) => {
      const texts = files.flatMap((read) => read(told) ?? []);
      return texts.length === files.length ? ok(texts) : undefined;
    };
  },
  slowly: (by) => ok(paths.map((path) => readFile(by, path))),
});
const PAGE_BYTES = 4096;
/** Of all texts together: what a series has room for, less the calls themselves and the paths. */
const TEXTS_BYTES = 12_288;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The text of a small file of the kernel's, such as those under /proc. */
function readFile(by: calls.Caller, path: string): Outcome<string> {
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
