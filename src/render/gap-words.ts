import {
  GAP,
  OTHER_GAPS,
  SHOWN_ON_PATH,
  SHOWN_OTHERWISE,
  SHOWN_SINCE,
  SHOWN_TO,
  SHOWN_WHEN,
} from "../messages/gaps.ts";
import { NOT_SHOWN, SKIPPED_SOURCE, SOURCE_NAMES } from "../messages/not-seen.ts";
import type { Language } from "../messages/sentence.ts";
import type { Gap } from "../snapshot/gaps.ts";
import type { Source } from "../snapshot/types.ts";

/** What was not looked into, and what would show it: "the open files of 3 processes (EACCES): CAP_SYS_PTRACE over …". */
export const gapText = (gap: Gap, language: Language): string => GAP[language](gapWords(gap, language));

/** The same in two parts. */
export function gapWords(gap: Gap, language: Language): { what: string; shownBy: string } {
  const { source } = gap;
  const name = SOURCE_NAMES[source][language];
  switch (gap.why) {
    case "refused": {
      const { errno, count } = gap;
      const what = source === "relations" ? name : NOT_SHOWN[source][language]({ count, errno });
      const isOnPath = errno === "EACCES" && (source === "mounts" || source === "names");
      const byErrno = errno === "EACCES" || errno === "EPERM" ? SHOWN_TO[errno] : SHOWN_OTHERWISE;
      const shown = isOnPath ? SHOWN_ON_PATH : byErrno;
      return { what, shownBy: shown[language] };
    }
    case "skipped": {
      const what = SKIPPED_SOURCE[language]({ count: gap.count, source: name });
      if (gap.reason === "unwanted") {
        return { what, shownBy: SHOWN_WHEN.unwanted[language]({ option: OPTIONS[source] ?? "" }) };
      }
      return { what, shownBy: SHOWN_WHEN[gap.reason][language] };
    }
    case "unsupported": {
      const { errno, since } = gap;
      const shownBy =
        since === undefined ? SHOWN_SINCE.never[language]({ errno }) : SHOWN_SINCE.since[language]({ errno, since });
      return { what: name, shownBy };
    }
    case "hidden":
      return { what: OTHER_GAPS[gap.note].what[language], shownBy: OTHER_GAPS[gap.note].shownBy[language] };
    case "untold":
      return {
        what: OTHER_GAPS.untold.what[language]({ count: gap.count }),
        shownBy: OTHER_GAPS.untold.shownBy[language],
      };
  }
}

/** The options that leave a source out. */
const OPTIONS: Readonly<Partial<Record<Source, string>>> = {
  threads: "--no-threads",
  descriptors: "--no-fds",
  sockets: "--no-fds, --no-sockets",
  pidfds: "--no-fds",
  "in-flight": "--no-fds",
  "mount-tables": "--no-mounts",
  "file-systems": "--no-mounts",
  hostnames: "--no-attributes",
  clocks: "--no-attributes",
  "cgroup-roots": "--no-attributes",
  interfaces: "--no-attributes",
  "user-limits": "--no-attributes",
  "ipc-use": "--no-attributes",
};
