import { inodeOf } from "../abi/ids.ts";
import { safeText } from "../messages/safe-text.ts";
import { RELEASES } from "../messages/why.ts";
import type { Release } from "../snapshot/release.ts";
import type { Wording } from "./held-by.ts";
import { placeWords } from "./holder-words.ts";
import { shellWord } from "./shell-word.ts";

/** `close fd 9 of 4711 (dnsmasq)`, `umount /run/netns/blue in mnt:[4026532201]`. */
export function releaseWords(release: Release, wording: Wording): string {
  const { language, charset, nameOf } = wording;
  switch (release.do) {
    case "end-nsatlas":
    case "nothing":
      return RELEASES[release.do][language];
    case "let-go": {
      const { namespace } = release;
      const ref = `${namespace.kind}:${inodeOf(namespace.id)}`;
      return RELEASES["let-go"][language]({ what: nameOf(namespace), ref });
    }
    case "unmount": {
      const what = RELEASES.unmount[language]({ where: placeWords(release, wording, shellWord) });
      const { path, hiddenBy, stacked } = release;
      if (hiddenBy !== undefined && hiddenBy !== path) {
        return RELEASES.hidden[language]({ what, by: shellWord(hiddenBy, charset) });
      }
      if (stacked > 1) return RELEASES.stacked[language]({ what, count: stacked });
      return hiddenBy === undefined ? what : RELEASES.covered[language]({ what });
    }
    default:
  }
  const { pid, ppid } = release.process;
  const comm = safeText(release.process.comm, charset);
  switch (release.do) {
    case "end-process":
      return RELEASES["end-process"][language]({ pid, comm });
    case "reap":
      return RELEASES.reap[language]({ pid, comm, ppid });
    case "end-thread":
      return RELEASES["end-thread"][language]({ tid: release.tid, pid, comm });
    case "close": {
      const { fd, tid } = release;
      if (tid === undefined) return RELEASES.close[language]({ fd, pid, comm });
      return RELEASES["close-of-thread"][language]({ fd, tid, pid, comm });
    }
  }
}
