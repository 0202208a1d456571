import { ALL_CAPABILITIES, CAPABILITIES, type Capability } from "../../abi/capabilities.ts";
import type { ThreeIds } from "../../kernel/call.ts";
import type { IdExtent } from "../../procfs/id-map.ts";
import { isBoundary, type Reference } from "../reference.ts";
import type { Credentials, ProcessNode } from "../topology.ts";
import { taskOf } from "./births.ts";
import type { Crew } from "./crew.ts";
import { AMBIENT_USER } from "./index-topology.ts";
import type { Deed } from "./step.ts";

const UNCHANGED = -1;
type CredentialsDeed = Extract<Deed, { do: "credentials" }>;

/** Groups that a user namespace does not let its own members change are taken on above it, as numbers up there. */
export function planGroupsBefore(crew: Crew, process: ProcessNode, stands: Reference): void {
  const user = crew.index.user(process.namespaces.user ?? AMBIENT_USER);
  if (user === undefined || user.setgroups === "allow" || !crew.restorer.privileged) return;
  const groups = process.credentials.groups.map((group) => outside(crew, group, user.label, stands));
  if (!groups.every((group) => group !== undefined) || hasGroups(crew, groups)) return;
  crew.does(taskOf(process.label), { do: "credentials", call: { op: "setgroups", groups } }, process.label);
}

/** Whether it has them from whoever restores, whose user namespace may deny setgroups itself. */
const hasGroups = ({ restorer }: Crew, wanted: readonly number[]): boolean => {
  const own = new Set(restorer.credentials.groups);
  return own.size === new Set(wanted).size && wanted.every((group) => own.has(group));
};

/** A gid's number further up. */
function outside(crew: Crew, gid: number, from: Reference, to: Reference): number | undefined {
  let number: number | undefined = gid;
  for (let at = from; at !== to && number !== undefined;) {
    const user = crew.index.user(at);
    if (user === undefined) return undefined;
    number = translate(number, user.gidMap ?? []);
    at = user.owner;
  }
  return number;
}
function translate(number: number, map: readonly IdExtent[]): number | undefined {
  const extent = map.find(({ inside, count }) => number >= inside && number - inside < count);
  return extent === undefined ? undefined : extent.outside + number - extent.inside;
}

/** In its own user namespace: ids, then capabilities, of which it has all until then. */
export function planCredentials(crew: Crew, process: ProcessNode): void {
  const user = process.namespaces.user ?? AMBIENT_USER;
  // Without power over its own user namespace it is whoever restores, or nothing that the restorer could make.
  if (!crew.restorer.privileged && isBoundary(user)) return planOrdinary(crew, process);
  const task = taskOf(process.label);
  const calls: CredentialsDeed["call"][] = [];
  const { credentials } = process;
  const node = crew.index.user(user);
  const maySet = node === undefined ? !hasGroups(crew, credentials.groups) : node.setgroups === "allow";
  if (maySet && (node === undefined || node.gidMap !== undefined)) {
    calls.push({ op: "setgroups", groups: credentials.groups });
  }
  const { permitted, effective, inheritable, bounding, ambient } = setsOf(credentials);
  // Another user namespace is entered without any.
  if (node === undefined && setsOf(crew.restorer.credentials).ambient !== 0n) calls.push({ op: "clear-ambient" });
  for (const capability of namesIn(ALL_CAPABILITIES & ~bounding)) calls.push({ op: "drop-bounding", capability });
  const keeps = permitted !== 0n;
  if (keeps) calls.push({ op: "set-keep-caps", keep: true });
  const [gid, uid] = [threeOf(credentials.gid), threeOf(credentials.uid)];
  if (gid !== undefined) calls.push({ op: "setresgid", ids: gid });
  if (uid !== undefined) calls.push({ op: "setresuid", ids: uid });
  calls.push(...fileSystemIds(credentials));
  calls.push({ op: "capset", effective, permitted, inheritable });
  for (const capability of namesIn(ambient)) calls.push({ op: "ambient", what: "raise", capability });
  if (keeps) calls.push({ op: "set-keep-caps", keep: false });
  if (credentials.noNewPrivs) calls.push({ op: "set-no-new-privs" });
  // Else nobody but root could look at it, since it never executed a program there.
  calls.push({ op: "set-dumpable", dumpable: true });
  for (const call of calls) crew.does(task, { do: "credentials", call }, process.label);
}

/** Only what it shall have otherwise than whoever restores: it may give up power, and the kernel says what it may not. */
function planOrdinary(crew: Crew, { label, credentials }: ProcessNode): void {
  const own = crew.restorer.credentials;
  const calls: CredentialsDeed["call"][] = [];
  if (!hasGroups(crew, credentials.groups)) calls.push({ op: "setgroups", groups: credentials.groups });
  const [has, wanted] = [setsOf(own), setsOf(credentials)];
  for (const capability of namesIn(has.bounding & ~wanted.bounding)) calls.push({ op: "drop-bounding", capability });
  const [gid, uid] = [threeOf(credentials.gid), threeOf(credentials.uid)];
  if (gid !== undefined && !same(gid, threeOf(own.gid))) calls.push({ op: "setresgid", ids: gid });
  if (uid !== undefined && !same(uid, threeOf(own.uid))) calls.push({ op: "setresuid", ids: uid });
  calls.push(...fileSystemIds(credentials));
  const { effective, permitted, inheritable } = wanted;
  if (effective !== has.effective || permitted !== has.permitted || inheritable !== has.inheritable) {
    calls.push({ op: "capset", effective, permitted, inheritable });
  }
  for (const [what, set] of [
    ["lower", has.ambient & ~wanted.ambient],
    ["raise", wanted.ambient & ~has.ambient],
  ] as const) {
    for (const capability of namesIn(set)) calls.push({ op: "ambient", what, capability });
  }
  if (credentials.noNewPrivs && !own.noNewPrivs) calls.push({ op: "set-no-new-privs" });
  for (const call of calls) crew.does(taskOf(label), { do: "credentials", call }, label);
}

export function setsOf({ capabilities }: Credentials) {
  const { permitted, effective, inheritable, bounding, ambient } = capabilities;
  const bits = (digits: string): bigint => BigInt(`0x${digits}`);
  return {
    permitted: bits(permitted),
    effective: bits(effective),
    inheritable: bits(inheritable),
    bounding: bits(bounding),
    ambient: bits(ambient),
  };
}
export const namesIn = (set: bigint): readonly Capability[] =>
  CAPABILITIES.filter((_, bit) => ((set >> BigInt(bit)) & 1n) === 1n);

/** Those that files are judged by follow the effective ones, unless somebody has set them otherwise. */
function fileSystemIds({ uid, gid }: Credentials): CredentialsDeed["call"][] {
  const calls: CredentialsDeed["call"][] = [];
  if (gid.fs !== undefined && gid.fs !== gid.effective) calls.push({ op: "setfsgid", id: gid.fs });
  if (uid.fs !== undefined && uid.fs !== uid.effective) calls.push({ op: "setfsuid", id: uid.fs });
  return calls;
}

/** Undefined: none of them has a number here. */
function threeOf({ real, effective, saved }: Partial<ThreeIds>): ThreeIds | undefined {
  if (real === undefined && effective === undefined && saved === undefined) return undefined;
  return { real: real ?? UNCHANGED, effective: effective ?? UNCHANGED, saved: saved ?? UNCHANGED };
}
const same = (one: ThreeIds, other: ThreeIds | undefined): boolean =>
  one.real === other?.real && one.effective === other.effective && one.saved === other.saved;
