import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import type { Way } from "../../enter/act.ts";
import { planWay, type Facts } from "../../enter/plan.ts";
import type { Handles } from "../../enter/steps.ts";
import type { Native } from "../../kernel/live/native.ts";
import { runningRelease } from "../../kernel/live/running-release.ts";
import type { NsFile } from "../../kernel/ns-file.ts";
import type { Observer } from "../../kernel/observer.ts";
import { ENTER_USAGE } from "../../messages/enter.ts";
import type { Language } from "../../messages/sentence.ts";
import { atLeast } from "../../rules/release.ts";
import { gatherFacts } from "../../inside/facts.ts";
import { environmentOf, openControlGroup, openFolder } from "./folders.ts";
import { idsOf, type IdWishes } from "./ids.ts";
import { fdOf, openNamespaces, type Wanted } from "./open-namespaces.ts";
import { ownUsage } from "./own-usage.ts";
import { pinTarget } from "./pin-target.ts";
import type { FolderSource, Target } from "./readers.ts";

/** What `enter` is asked for, all but the command. */
export interface Asked {
  readonly target: Target | undefined;
  readonly namespaces: Wanted;
  /** One that is open already, and goes over to whoever prepares. */
  readonly also?: { readonly kind: NamespaceKind; readonly file: NsFile };
  readonly ids: IdWishes;
  readonly root: FolderSource | undefined;
  readonly folder: FolderSource | undefined;
  readonly folderInside: string | undefined;
  readonly env: boolean;
  readonly fork: "for-pid" | "never";
  /** It is waited for in any case: for the time that it may take. */
  readonly waits: boolean;
  readonly joinCgroup: boolean;
  readonly mountProc: string | undefined;
  readonly keepCaps: boolean;
  readonly noNewPrivs: boolean;
}

/** All that is open, and what is to be done with it. Ending it closes everything. */
export interface Prepared extends Disposable {
  readonly way: Way;
  readonly facts: Facts;
  readonly handles: Handles;
  /** `NAME=VALUE` each; undefined: the caller's own. */
  readonly environment: readonly Uint8Array[] | undefined;
}

/** Opens everything that is named and works out the way. Nothing is joined; whatever cannot be opened throws. */
export async function prepare(asked: Asked, observer: Observer, native: Native, language: Language): Promise<Prepared> {
  const open: Disposable[] = [];
  const keep = <T extends Disposable>(one: T): T => (open.push(one), one);
  const close = (): void => {
    for (const one of open.toReversed()) one[Symbol.dispose]();
  };
  try {
    const { procRoot } = observer;
    const target = asked.target && keep(pinTarget(native, asked.target, procRoot, language));
    const opened = await openNamespaces(asked, target, { observer, language }, native);
    for (const { file } of opened.values()) keep(file);
    if (opened.size === 0) throw ownUsage(ENTER_USAGE["no-namespace"][language], language);

    const needTarget = (option: string): number => {
      if (target !== undefined) return target.pid;
      throw ownUsage(ENTER_USAGE["no-target"][language]({ option }), language);
    };
    const folderOf = (source: FolderSource | undefined, link: string, option: string) => {
      if (source === undefined) return undefined;
      const path = source.from === "path" ? source.path : `${procRoot}/${needTarget(option)}/${link}`;
      return { path, fd: keep(openFolder(path, language)) };
    };
    const root = folderOf(asked.root, "root", "--root");
    const folder = folderOf(asked.folder, "cwd", "--wd");
    const environment = asked.env ? environmentOf(procRoot, needTarget("--env"), language) : undefined;
    const cgroup = asked.joinCgroup ? openControlGroup(procRoot, needTarget("--join-cgroup"), language) : undefined;
    if (cgroup !== undefined) keep(cgroup.procs);

    const pidfd = target?.pidfd;
    const witness = { pid: witnessOf(opened, target?.pid) };
    // Linux 5.3 has pidfds; setns takes them since 5.8, and before says EINVAL. Files do as well, so
    // that an older number with the newer call loses nothing.
    const joinsByPidfd = pidfd !== undefined && atLeast(runningRelease(), "5.8");
    const facts = gatherFacts(observer, opened, { witness, pidfd: joinsByPidfd, language });
    const joinsUser = opened.has("user");
    const ids = idsOf(asked.ids, { observer, target: target?.pid, joinsUser, maps: facts.ids, language });
    // What was read of the target is of the target only if that was there all the time.
    target?.check();

    const wishes = Array.from(opened.values(), ({ kind, file, from }) => ({ kind, ns: file.id, from }));
    const request = {
      wishes,
      root: root?.path,
      folder: asked.folderInside === undefined ? folder && { dir: folder.path } : { inside: asked.folderInside },
      cgroup: cgroup?.path,
      fork: asked.waits || (opened.has("pid") && asked.fork === "for-pid"),
      mountProc: asked.mountProc,
      ...ids,
      groupsMatter: asked.ids.groups !== undefined,
      preserve: asked.ids.preserve,
      keepCaps: asked.keepCaps,
      noNewPrivs: asked.noNewPrivs,
    };
    const handles: Handles = {
      pidfd: pidfd?.raw,
      namespaces: new Map<NamespaceKind, number>(
        Array.from(opened.values()).flatMap(({ kind, file }) => {
          const fd = fdOf(file);
          return fd === undefined ? [] : [[kind, fd] as const];
        }),
      ),
      root: root?.fd.raw,
      folder: folder?.fd.raw,
      cgroup: cgroup?.procs.raw,
    };
    return { way: planWay(request, facts), facts, handles, environment, [Symbol.dispose]: close };
  } catch (error) {
    close();
    throw error;
  }
}

/** A process in the user namespace to join: the target, where that is the target's own. */
const witnessOf = (
  opened: ReadonlyMap<NamespaceKind, { readonly from: "target" | "file" }>,
  target: number | undefined,
): number | undefined => (opened.get("user")?.from === "target" ? target : undefined);
