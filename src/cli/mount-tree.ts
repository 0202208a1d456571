import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { pathOfRef } from "../discover/resolve-ref.ts";
import { mountsOf } from "../discover/mounts-of.ts";
import { hintFor } from "../messages/hints.ts";
import { MOUNT_TREE } from "../messages/mount-tree.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { mountTree } from "../procfs/mount-tree.ts";
import { mountTreeText } from "../render/mount-tree.ts";
import { toJson } from "../snapshot/json-text.ts";
import type { MountNode } from "../procfs/mount-tree.ts";
import type { Language } from "../messages/sentence.ts";
import type { Ref } from "../refs/ref.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { fromRecord, type TreeMount } from "../snapshot/mount-trees.ts";
import type { MountTable, Refusal } from "../snapshot/types.ts";
import type { Running } from "./command.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { CommandFailure } from "./failure.ts";
import { pageWidth } from "./page-width.ts";
import { readRef } from "./resolve.ts";
import { observerOf, seenWith, type Wanted } from "./target.ts";
import { usageFailure } from "./usage.ts";

/** The mount tree of one mount namespace. Throws where it cannot be read, and for a namespace of another kind. */
export async function printMountTree(
  running: Running,
  text: string,
  { enter, ...wanted }: Wanted & { readonly enter: boolean },
): Promise<ExitCode> {
  const { out, format, glyphs, language } = running;
  const named = readRef(text, language);
  const { index, target } = await seenWith(running, { ...wanted, named });
  if (target.kind !== "mnt") {
    throw usageFailure(MOUNT_TREE["other-kind"][language], USAGE_HINTS["see-help"][language]({ command: "tree" }));
  }
  const { mounts, table } =
    wanted.from === undefined
      ? await readNow(running, index, { id: target.id, ref: named.ref, enter, wanted })
      : recorded(index, target.id, language);
  const nodes = mountTree<TreeMount>(mounts);
  const { by, readFrom, seen, outOfReach } = table;
  if (format === "json") {
    out.write(`${toJson({ namespace: target.id, by, readFrom, seen, outOfReach, mounts: nodes.map(fields) })}\n`);
  } else {
    out.write(mountTreeText(nodes, { width: pageWidth(out), glyphs, language, outOfReach: outOfReach ?? 0 }));
  }
  return EXIT.done;
}

interface Mounts {
  readonly mounts: readonly TreeMount[];
  readonly table: MountTable;
}

/** What is mounted there now. */
async function readNow(
  running: Running,
  index: SnapshotIndex,
  { id, ref, enter, wanted }: { id: NamespaceId; ref: Ref; enter: boolean; wanted: Wanted },
): Promise<Mounts> {
  const observer = await observerOf(running, wanted);
  const { mounts, answer } = mountsOf(observer, index, { id, path: pathOfRef(ref, observer.procRoot), enter });
  if ("refused" in answer) throw refusedTable(answer, id, running.language);
  return { mounts, table: answer.value };
}

/** What a snapshot has of it; unknown where whoever took it did not ask for trees of mounts. */
function recorded({ namespaces, snapshot }: SnapshotIndex, id: NamespaceId, language: Language): Mounts {
  const answer = namespaces.get(id)?.mounts;
  if (answer !== undefined && "refused" in answer) throw refusedTable(answer, id, language);
  if (answer?.value.tree !== undefined) {
    return { mounts: answer.value.tree.map(fromRecord), table: answer.value };
  }
  const why = snapshot.redacted ? "redacted" : answer === undefined ? "not-read" : "not-in-the-snapshot";
  const hint = MOUNT_TREE["snapshot-hint"][language];
  const reason = MOUNT_TREE[why][language];
  throw new CommandFailure({ exit: EXIT.unknown, code: "UNKNOWN", subject: linkText(id), reason, hint });
}

function refusedTable({ refused: code, call: syscall }: Refusal, id: NamespaceId, language: Language): CommandFailure {
  const known = hintFor({ code, syscall }, language);
  const reason = MOUNT_TREE.unknown[language];
  return new CommandFailure({ exit: EXIT.unknown, code, syscall, subject: linkText(id), ...known, reason });
}

const linkText = (id: NamespaceId): string => `mnt:[${inodeOf(id)}]`;

const fields = ({ mount, parent, hiddenBy }: MountNode<TreeMount>): object => ({
  id: mount.id,
  parent: parent?.id ?? null,
  mountPoint: mount.mountPoint,
  hiddenBy: hiddenBy?.id ?? null,
  fsType: mount.fsType,
  source: mount.source,
  root: mount.root,
  device: `${mount.device.major}:${mount.device.minor}`,
  options: mount.options,
  propagation: mount.optional,
  ...(mount.through === undefined ? {} : { through: mount.through }),
});

const number = (description: string): object => ({ description, type: ["integer", "null"] });
const text = (description: string): object => ({ description, type: "string" });
const WAYS: readonly MountTable["by"][] = ["mountinfo", "statmount", "entered"];

/** The shape of what `tree --mounts REF --json` prints. */
export const MOUNTS_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas tree --mounts",
  type: "object",
  required: ["namespace", "by", "seen", "mounts"],
  additionalProperties: false,
  properties: {
    namespace: text("MAJ:MIN/INODE of the mount namespace."),
    by: { description: "How the mounts were read.", enum: WAYS },
    readFrom: { description: "The process whose mountinfo it was.", type: "integer" },
    seen: { description: "Mounts that were seen.", type: "integer" },
    outOfReach: { description: "Mounts that there are besides; absent where nobody counts them.", type: "integer" },
    mounts: {
      description: "Each after the one it lies on.",
      type: "array",
      items: {
        type: "object",
        required: [
          "id",
          "parent",
          "mountPoint",
          "hiddenBy",
          "fsType",
          "source",
          "root",
          "device",
          "options",
          "propagation",
        ],
        additionalProperties: false,
        properties: {
          id: { description: "As in mountinfo.", type: "integer" },
          parent: number("The mount it lies on; null: none of these."),
          mountPoint: text("Its path."),
          hiddenBy: number("The mount that hides it; null: its path leads to it."),
          fsType: text("The file system's type."),
          source: text("The device or its like; may be empty."),
          root: text("The folder of the file system that is mounted; of a namespace's file its link text."),
          device: text("MAJ:MIN, st_dev of what is in it."),
          options: { description: "Of this mount.", type: "array", items: { type: "string" } },
          propagation: {
            description: "shared:N, master:N and so on; none: private.",
            type: "array",
            items: { type: "string" },
          },
          through: {
            description: "The process from whose root the path starts, where it is another.",
            type: "integer",
          },
        },
      },
    },
  },
} as const;
