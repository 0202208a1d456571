import { HOLDER_WORDS } from "../messages/holders.ts";
import { safeText, type Charset } from "../messages/safe-text.ts";
import type { Language } from "../messages/sentence.ts";
import type { Holder } from "../snapshot/holders.ts";
import type { MountPlace, ProcessRecord } from "../snapshot/types.ts";
import type { NamespaceName } from "./namespace-name.ts";

/** What a holder is that is a process, or hangs from one. */
export type ProcessHolder = Extract<
  Holder,
  { kind: "process" | "thread" | "for-children" | "descriptor" | "socket" | "pidfd" }
>;
export const isProcessHolder = (holder: Holder): holder is ProcessHolder =>
  holder.kind !== "bind-mount" && holder.kind !== "mount" && holder.kind !== "child" && holder.kind !== "owned";

interface Words {
  readonly language: Language;
  readonly charset: Charset;
}

/** `4711 dnsmasq`, `thread 4712 (worker) of 4711 dnsmasq`, `fd 9 of 4711 dnsmasq`. */
export function holderWords(holder: ProcessHolder, words: Words): string {
  const { language, charset } = words;
  if (holder.kind === "process") return processWords(holder.process, words);
  if (holder.kind === "thread" || holder.kind === "for-children") {
    const { thread, process } = holder;
    const of = processWords(process, words);
    if (thread === undefined) return of;
    return HOLDER_WORDS.thread[language]({ tid: thread.tid, name: safeText(thread.comm, charset), of });
  }
  const { descriptor, process } = holder;
  const { fd, tid } = descriptor;
  const whose = processWords(process, words);
  const of = tid === undefined ? whose : HOLDER_WORDS.thread[language]({ tid, name: "", of: whose });
  if (descriptor.what !== "pidfd") {
    return HOLDER_WORDS[descriptor.what === "socket" ? "socket" : "descriptor"][language]({ fd, of });
  }
  return HOLDER_WORDS.pidfd[language]({ fd, of, target: String(descriptor.target) });
}

/** `/run/netns/blue`, `/run/ns in mnt:[4026532201]`, `/ns below the root of 4711 in mnt:[…]`, `mount 64`. */
export function placeWords(
  { path, mountId, mountNamespace, through }: MountPlace,
  { language, charset, nameOf }: Words & { readonly nameOf: NamespaceName },
  pathWords: (path: string, charset: Charset) => string = safeText,
): string {
  const where = path === undefined ? HOLDER_WORDS.mountNumber[language]({ id: mountId }) : pathWords(path, charset);
  const below = through === undefined ? where : HOLDER_WORDS.belowRoot[language]({ what: where, pid: through });
  if (mountNamespace === undefined || mountNamespace === "unknown") return below;
  return HOLDER_WORDS.inMountNamespace[language]({ what: below, where: nameOf({ id: mountNamespace, kind: "mnt" }) });
}

const processWords = ({ pid, comm }: ProcessRecord, { language, charset }: Words): string =>
  HOLDER_WORDS.process[language]({ pid, comm: safeText(comm, charset) });
