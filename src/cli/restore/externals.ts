import { KINDS, type NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { NamespaceId } from "../../abi/ids.ts";
import type { NsFile } from "../../kernel/ns-file.ts";
import { LiveNsFile } from "../../kernel/live/ns-file.ts";
import { openNsFile } from "../../library/open-namespace.ts";
import { RESTORE_FAILURES, RESTORE_USAGE } from "../../messages/restore.ts";
import { USAGE_HINTS } from "../../messages/usage.ts";
import type { Language } from "../../messages/sentence.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { Snapshot } from "../../snapshot/types.ts";
import type { Root } from "../../topology/checkpoint/roots.ts";
import type { Targets } from "../../topology/compare/graph.ts";
import { externalsIn, type External } from "../../topology/plan/externals.ts";
import type { Target } from "../../topology/plan/plan.ts";
import { externalReference, keyOfExternal, type Boundary } from "../../topology/reference.ts";
import type { Topology } from "../../topology/topology.ts";
import type { Running } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { usageFailure } from "../usage.ts";
import type { ExternalWish } from "./readings.ts";

/** Which namespace here is an image's `external:KEY`. */
export interface NamedExternal {
  readonly key: string;
  readonly id: NamespaceId;
}

/** The namespaces that were named, open until they are no longer needed. */
export class Externals implements Disposable {
  readonly #files: readonly (NamedExternal & { readonly file: NsFile })[];
  constructor(files: readonly (NamedExternal & { readonly file: NsFile })[]) {
    this.#files = files;
  }

  get named(): readonly NamedExternal[] {
    return this.#files.map(({ key, id }) => ({ key, id }));
  }
  /** For whoever restores: by our own descriptors, which is what was looked at, whatever lies at the path by now. */
  get targets(): ReadonlyMap<Boundary, Target> {
    return new Map(
      this.#files.flatMap(({ key, id, file }) => {
        const fd = file instanceof LiveNsFile ? file.fd : undefined;
        return fd === undefined
          ? []
          : [[externalReference(key), { path: `/proc/${process.pid}/fd/${fd}`, id }] as const];
      }),
    );
  }
  [Symbol.dispose](): void {
    for (const { file } of this.#files) file[Symbol.dispose]();
  }
}

/** Opens what `--external` names, each of the kind that the image needs there. Throws where one is missing or does not fit. */
export async function openExternals(
  running: Running,
  image: Topology,
  wishes: readonly ExternalWish[],
): Promise<Externals> {
  const { language } = running;
  const externals = externalsIn(image);
  checkKinds(image, externals, language);
  checkKeys(externals, wishes, language);
  return openNamed(running, wishes, new Map(externals.map(({ key, kind }) => [key, kind])));
}

/** Opens what `--external` names; `kinds`: of which kind it has to be. */
export async function openNamed(
  running: Running,
  wishes: readonly ExternalWish[],
  kinds: ReadonlyMap<string, NamespaceKind | undefined> = new Map(),
): Promise<Externals> {
  const opened: (NamedExternal & { file: NsFile })[] = [];
  if (wishes.length === 0) return new Externals(opened);
  const asking = { observer: await running.openObserver(running.procRoot), language: running.language };
  try {
    for (const { key, ref } of wishes) {
      const { file } = await openNsFile(ref, asking, kinds.get(key));
      opened.push({ key, id: file.id, file });
    }
    return new Externals(opened);
  } catch (error) {
    for (const { file } of opened) file[Symbol.dispose]();
    throw error;
  }
}

function checkKeys(externals: readonly External[], wishes: readonly ExternalWish[], language: Language): void {
  const known = new Set(externals.map(({ key }) => key));
  const seen = new Set<string>();
  for (const { key } of wishes) {
    const what = seen.has(key) ? "external-twice" : known.has(key) ? undefined : "external-key";
    seen.add(key);
    if (what === undefined) continue;
    throw usageFailure(
      RESTORE_USAGE[what][language]({ key }),
      USAGE_HINTS["see-help"][language]({ command: "restore" }),
    );
  }
  const missing = externals.filter(({ key }) => !seen.has(key));
  const [first] = missing;
  if (first === undefined) return;
  const details = missing.map((one) =>
    RESTORE_FAILURES["external-of"][language]({ ...one, kind: one.kind ?? KINDS.join("|") }),
  );
  const [code, exit] = ["REFUSED", EXIT.refused] as const;
  const hint = RESTORE_FAILURES["external-hint"][language]({ key: first.key });
  throw new CommandFailure({
    exit,
    code,
    subject: externalReference(first.key),
    reason: RESTORE_FAILURES.external[language],
    details,
    hint,
  });
}

/** What cannot be, whichever namespace is named. */
function checkKinds({ pins }: Topology, externals: readonly External[], language: Language): void {
  const refuse = (key: string, reason: string): never => {
    throw new CommandFailure({ exit: EXIT.refused, code: "REFUSED", subject: externalReference(key), reason });
  };
  for (const { key, kind, also } of externals) {
    if (kind !== undefined && also !== undefined)
      refuse(key, RESTORE_FAILURES["external-kinds"][language]({ key, kind, also }));
    if (kind === "user") refuse(key, RESTORE_FAILURES["external-user"][language]({ key }));
  }
  for (const { in: place, path } of pins) {
    const key = keyOfExternal(place);
    if (key !== undefined) refuse(key, RESTORE_FAILURES["external-pin"][language]({ key, path }));
  }
}

/** For a look at what is there: those that are seen, and are not the viewer's own, are where it ends. */
export function externalRoots(
  { namespaces, snapshot }: SnapshotIndex,
  named: readonly NamedExternal[],
): readonly Root[] {
  const done = new Set(Object.values(snapshot.viewpoint.namespaces));
  return named.flatMap(({ key, id }): readonly Root[] => {
    if (done.has(id) || !namespaces.has(id)) return [];
    done.add(id);
    return [{ of: "external", id, key }];
  });
}

/** What those are called in such a look that have another name there: the viewer's own, and one that was named twice. */
export function externalTargets({ viewpoint, namespaces }: Snapshot, named: readonly NamedExternal[]): Targets {
  const own = new Set(Object.values(viewpoint.namespaces));
  const kinds = new Map(namespaces.map(({ id, kind }) => [id, kind]));
  const first = new Map<NamespaceId, Boundary>();
  const targets = new Map<Boundary, Boundary>();
  for (const { key, id } of named.toReversed()) first.set(id, externalReference(key));
  for (const { key, id } of named) {
    const kind = kinds.get(id);
    const here = own.has(id) && kind !== undefined ? (`ambient:${kind}` as const) : first.get(id);
    if (here !== undefined) targets.set(externalReference(key), here);
  }
  return targets;
}
