import { deviceTextOf, inodeOf } from "../abi/ids.ts";
import type { Language } from "../messages/sentence.ts";
import { gapWords } from "../render/gap-words.ts";
import type { Wording } from "../render/held-by.ts";
import { releaseWords } from "../render/release-words.ts";
import type { Foundation, Step } from "../snapshot/foundations.ts";
import type { Gap } from "../snapshot/gaps.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import type { Release } from "../snapshot/release.ts";
import type { NamespaceRecord } from "../snapshot/types.ts";
import type { HolderAnswer } from "../snapshot/why-alive.ts";
import { holderFields } from "./holder-json.ts";

/** What tells a namespace, in the documents of `why` and `leaks`. */
export const namespaceFields = (
  { id, kind, uniqueId, listed, traces }: NamespaceRecord,
  { names }: SnapshotIndex,
): object => ({
  id,
  kind,
  uniqueId,
  listed,
  ino: inodeOf(id),
  dev: deviceTextOf(id),
  names: (names.get(id) ?? []).map(({ name }) => name),
  traces,
});

/** A holder, what would make it let go, and why it is there. */
export const holderAnswerFields = ({ holder, release, because }: HolderAnswer, wording: Wording): object => ({
  ...holderFields(holder),
  release: { ...releaseFields(release), text: releaseWords(release, wording) },
  because: because.map(stepFields),
});

/** Something that was not looked into. */
export const gapFields = (gap: Gap, language: Language): object => ({ ...gap, ...gapWords(gap, language) });

function releaseFields(release: Release): object {
  switch (release.do) {
    case "end-process":
      return { do: release.do, pid: release.process.pid };
    case "reap":
      return { do: release.do, pid: release.process.pid, parent: release.process.ppid };
    case "end-thread":
      return { do: release.do, pid: release.process.pid, tid: release.tid };
    case "close":
      return { do: release.do, pid: release.process.pid, tid: release.tid, fd: release.fd };
    case "let-go":
      return { do: release.do, namespace: release.namespace.id };
    default:
      return release;
  }
}

const stepFields = ({ namespace, by }: Step): object => ({
  namespace: namespace.id,
  by: by === undefined ? null : foundationFields(by),
});

const foundationFields = (by: Foundation): object => (by.kind === "kernel" ? { kind: by.kind } : holderFields(by));
