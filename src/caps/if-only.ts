import { ALL_CAPABILITIES, capBit, type Capability } from "../abi/capabilities.ts";
import type { NamespaceId } from "../abi/ids.ts";
import type { StatusRecord } from "../snapshot/types.ts";
import { statusOf, type Person } from "./caller.ts";

/** The same process after it has joined a user namespace: every capability in it, and the ids that it had. */
export const inside = (person: Person, user: NamespaceId): Person =>
  changed({ ...person, process: within(person, user) }, (status) => withSets(status, ALL_CAPABILITIES));

/** A child of it, as fork(2) makes one: of all threads it has the one that called, and shares nothing. */
export const alone = (person: Person): Person => changed(person, (status) => ({ ...status, threads: 1 }));

/** The same process where it is, with capabilities that it has not. */
export const withCapabilities = (person: Person, more: readonly Capability[]): Person =>
  changed(person, (status) => {
    const effective = BigInt(`0x${status.capabilities.effective}`);
    return withSets(
      status,
      more.reduce((set, one) => set | capBit(one), effective),
    );
  });

/** The same process in a user namespace with these capabilities and no others. */
export const insideWith = (person: Person, user: NamespaceId, capabilities: readonly Capability[]): Person =>
  withCapabilities(
    changed({ ...person, process: within(person, user) }, (status) => withSets(status, 0n)),
    capabilities,
  );

/** The same process as an ordinary one of that uid, in the viewer's numbers, in a user namespace. */
export const asUid = (person: Person, uid: number, user: NamespaceId): Person => {
  const one = insideWith(person, user, []);
  const ids = { real: uid, effective: uid, saved: uid, fs: uid };
  return changed({ ...one, process: { ...one.process, uid } }, (status) => ({ ...status, uid: ids }));
};

const within = ({ process }: Person, user: NamespaceId): Person["process"] => ({
  ...process,
  namespaces: { ...process.namespaces, user },
});

function withSets(status: StatusRecord, set: bigint): StatusRecord {
  const text = set.toString(16).padStart(16, "0");
  return { ...status, capabilities: { ...status.capabilities, effective: text, permitted: text } };
}

/** With another status, of whichever thread it is. One that nobody read stays so. */
function changed(person: Person, change: (status: StatusRecord) => StatusRecord): Person {
  const status = statusOf(person);
  if (status === undefined) return person;
  const { process, thread } = person;
  return thread === undefined
    ? { process: { ...process, status: change(status) } }
    : { process, thread: { ...thread, status: change(status) } };
}
