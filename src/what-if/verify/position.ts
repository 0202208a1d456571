import type { Actor } from "../../kernel/actor.ts";
import { BuildRefused } from "../../kernel/build-world.ts";
import { taskName, type SeenCredentials, type TaskName } from "../../kernel/call.ts";
import { LINKS, type ProcLink } from "../../abi/proc-links.ts";
import { NAMESPACE_KINDS } from "../../abi/namespace-kinds.ts";
import { linkTarget } from "../../kernel/model/memberships.ts";
import type { NsKey, Task } from "../../kernel/model/world.ts";
import type { Situation } from "../situation.ts";
import { Builder } from "./builder.ts";
import { takeCapabilities, takeIds } from "./copied-credentials.ts";
import { seenOr } from "../seen/evidence.ts";

/** Puts throw-away processes where others stand, as far as that changes nothing for anybody else. */
export class Position {
  readonly #actor: Actor;
  readonly #situation: Situation;
  /** Links that lead to a namespace, found in one pass when the first is asked for. */
  #ways: Map<NsKey, { readonly of: TaskName; readonly link: ProcLink }> | undefined;

  constructor(actor: Actor, situation: Situation) {
    this.#actor = actor;
    this.#situation = situation;
  }

  /**
   * A process with somebody's ids and capabilities, in its user and pid namespace: what looking depends on. Undefined where
   * that cannot be had: a pid namespace is entered by a number in it, and who cannot have another's ids stays who he is.
   */
  take(task: Task): TaskName | undefined {
    const { world } = this.#situation;
    const { first } = this.#actor;
    const self = world.tasks.get(world.first);
    const facts = seenOr(() => ({ pid: task.pid, user: task.credentials.user, wanted: plain(task) }));
    if (facts === undefined || self === undefined || facts.pid !== seenOr(() => self.pid)) return undefined;
    const isTop = facts.user === seenOr(() => self.credentials.user);
    if (isTop && this.#isLike(first, facts.wanted)) return first;
    const builder = new Builder(this.#actor);
    const as = taskName(`stand-in:${task.name}`);
    const way = this.#ways?.get(facts.user) ?? { of: task.name, link: "user" as const };
    try {
      builder.walker(as);
      takeIds(builder, as, task.credentials, { footing: "root", me: NOBODY });
      if (!isTop) {
        const fd = builder.must(as, { op: "open", ...way });
        builder.must(as, { op: "setns", fd, nstype: NAMESPACE_KINDS.user.flag });
        builder.must(as, { op: "close", fd });
      }
      takeCapabilities(builder, world, task, { as, isTop, wish: { footing: "root", me: NOBODY } });
    } catch (error) {
      if (error instanceof BuildRefused) return undefined;
      throw error;
    }
    return builder.notes.length === 0 ? as : undefined;
  }

  /** The first task's descriptor of a namespace that somebody is in. */
  open(key: NsKey): number | undefined {
    this.#ways ??= this.#findWays();
    const way = this.#ways.get(key);
    const opened = way === undefined ? undefined : this.#actor.call(this.#actor.first, { op: "open", ...way });
    return opened?.ok === true && typeof opened.value === "number" ? opened.value : undefined;
  }

  #findWays(): Map<NsKey, { readonly of: TaskName; readonly link: ProcLink }> {
    const ways = new Map<NsKey, { readonly of: TaskName; readonly link: ProcLink }>();
    for (const task of this.#situation.world.tasks.values()) {
      if (task.leader !== task.name) continue;
      for (const link of LINKS) {
        const key = seenOr(() => linkTarget(task, link));
        if (key !== undefined && !ways.has(key)) ways.set(key, { of: task.name, link });
      }
    }
    return ways;
  }

  /** Whether a process has these ids and capabilities already. */
  #isLike(name: TaskName, wanted: string): boolean {
    const status = this.#actor.call(name, { op: "status", of: name });
    if (!status.ok || typeof status.value !== "object" || !("status" in status.value)) return false;
    const { uid, gid, groups, capabilities } = status.value.status;
    return wanted === comparable({ uid, gid, groups, capabilities });
  }
}

const NOBODY = { uid: 0, gid: 0, groups: [] } as const;

/** What a process may, as one text; ids as the viewer's user namespace numbers them. */
const plain = ({ credentials: of }: Task): string =>
  comparable({
    uid: { real: of.ruid, effective: of.euid, saved: of.suid, fs: of.fsuid },
    gid: { real: of.rgid, effective: of.egid, saved: of.sgid, fs: of.fsgid },
    groups: of.groups,
    capabilities: of,
  });

function comparable({
  uid,
  gid,
  groups,
  capabilities,
}: Pick<SeenCredentials, "uid" | "gid" | "groups"> & {
  readonly capabilities: Pick<SeenCredentials["capabilities"], "permitted" | "effective">;
}): string {
  const ids = (four: SeenCredentials["uid"]): string => `${four.real} ${four.effective} ${four.saved} ${four.fs}`;
  const sets = `${capabilities.permitted} ${capabilities.effective}`;
  return `${ids(uid)} / ${ids(gid)} / ${groups.join(" ")} / ${sets}`;
}
