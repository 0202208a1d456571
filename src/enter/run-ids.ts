import { hasCap } from "../abi/capabilities.ts";
import { mayMap, mayWriteMap, type IdMapFile } from "../rules/may-map.ts";
import { MAX_EXTENTS, parseMapText } from "../rules/map-text.ts";
import { maySetgroups, maySwitchSetgroups } from "../rules/may-set-groups.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import type { Credentials } from "../rules/view.ts";
import { isMapped, type IdFacts } from "./id-facts.ts";
import type { RunAct } from "./run-acts.ts";
import type { Place, RunFacts } from "./run-facts.ts";
import type { Scene } from "./run-scene.ts";
import type { RunWish } from "./run-wish.ts";

type RunStep = RunAct["step"];

/** Who writes a map, and what setgroups says by then. */
interface MapWriting {
  readonly opener: Credentials<Place>;
  readonly setgroupsAllowed: boolean;
}

/** A map of the new user namespace: may it be written, is it well-formed, may these ids be given, are they there above. */
export function mapOutcome(
  { step, subject }: Pick<RunAct, "step" | "subject">,
  scene: Scene,
  { opener, setgroupsAllowed }: MapWriting,
  facts: RunFacts,
): Outcome<unknown> {
  if (step.do !== "write" || typeof step.data !== "string") throw new TypeError("a map is written as text");
  const { view, maker } = scene;
  const file: IdMapFile = subject.endsWith("gid_map") ? "gid_map" : "uid_map";
  const own = file === "uid_map" ? facts.ids.uid : facts.ids.gid;
  const target = {
    ns: "new",
    parent: "own",
    creatorUid: maker.euid,
    parentCouldSetfcap: hasCap(maker.effective, "CAP_SETFCAP"),
    setgroupsAllowed,
    alreadySet: false,
  } as const;
  const writer = { opener, writer: opener };
  const opened = mayWriteMap<Place>(view, writer, target, { file, offset: 0, length: step.data.length });
  if (!opened.ok) return opened;
  const extents = parseMapText(step.data, { maxExtents: MAX_EXTENTS, stopsAt64: true });
  if (!extents.ok) return extents;
  const { rootNeedsSetfcap } = facts;
  const toKernel = (id: number): number | undefined => (isMapped(own, id) ? id : undefined);
  const may = mayMap<Place>(view, writer, target, { file, extents: extents.value, toKernel, rootNeedsSetfcap });
  if (!may.ok) return may;
  // A range lies within one of the parent's, not across two.
  const isThere = extents.value.every(({ outside, count }) =>
    own.some(({ inside, count: all }) => outside >= inside && outside + count <= inside + all),
  );
  return isThere ? ok(true) : refused("EPERM", "map-range-unmapped-in-parent");
}

/** A write to /proc/self/setgroups: may the file be opened, and may it say so. */
export function setgroupsOutcome(
  { step, topic }: Pick<RunAct, "step" | "topic">,
  { kinds }: RunWish,
  { guarded, last }: Scene,
  { ids }: RunFacts,
): Outcome<true> {
  if (step.do !== "write") throw new TypeError("setgroups is written");
  if (guarded) return refused("EACCES", "file-of-another-user");
  if (!hasCap(last.effective, "CAP_SYS_ADMIN")) return refused("EACCES", "no-admin-over-setgroups");
  const gidMapSet = kinds.has("user") ? topic === "setgroups-late" : ids.gid.length > 0;
  const { setgroupsAllowed } = ids;
  return maySwitchSetgroups(step.data === "allow" ? "allow" : "deny", { gidMapSet, setgroupsAllowed });
}

/** setgroups(2) with nothing. */
export const groupsOutcome = (who: Credentials<Place>, { gid, setgroupsAllowed }: IdFacts): Outcome<true> =>
  maySetgroups(who, { gidMapSet: gid.length > 0, setgroupsAllowed });

/** setgid(2) or setuid(2): the id has a number there, and the caller may, or has it already. */
export function idOutcome(step: RunStep, who: Credentials<Place>, ids: IdFacts): Outcome<true> {
  if (step.do !== "setgid" && step.do !== "setuid") throw new TypeError(`${step.do} sets no id`);
  const [id, map, held] =
    step.do === "setuid" ? [step.uid, ids.uid, [who.ruid, who.suid]] : [step.gid, ids.gid, [who.rgid, who.sgid]];
  if (!isMapped(map, id)) return refused("EINVAL", "id-unmapped");
  const isCapable = hasCap(who.effective, step.do === "setuid" ? "CAP_SETUID" : "CAP_SETGID");
  return isCapable || held.includes(id) ? ok(true) : refused("EPERM", "no-setid");
}

/** Becoming who shall own the new user namespace, before it is there. */
export const ownIds = (step: RunStep, { me, ids }: RunFacts): Outcome<true> =>
  step.do === "setgroups" ? groupsOutcome(me, ids) : idOutcome(step, me, ids);
