import type { NamespaceId } from "../abi/ids.ts";
import { parseTimensOffsets, type ClockOffset } from "../procfs/timens-offsets.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import type { ClockAttributes, Offset } from "../snapshot/types.ts";
import { answers, type Asked, type AttributeReader } from "./asked.ts";

/** So many processes are asked in turn: one may end, or go elsewhere. */
const TRIES = 4;

/**
 * By timens_offsets of a process whose children will be in the namespace: the file tells of that one, and anybody may read it.
 * Where there is none, a process of ours enters. Since Linux 5.6.
 */
export const clockAttributes: AttributeReader<ClockAttributes> = (asked, ids) =>
  answers(asked, ids, {
    outside: (id) => clocksOfMember(asked, id),
    ask: (telling, of) => telling.clocks(of).map((text) => (text.ok ? read(text.value) : text)),
  });

function clocksOfMember({ observer, index }: Asked, id: NamespaceId): Outcome<ClockAttributes> | undefined {
  const members = [...(index.members.get(id) ?? []), ...(index.forChildren.get(id) ?? [])];
  const leading = members.filter(({ namespaces }) => namespaces.time_for_children === id).slice(0, TRIES);
  for (const { pid } of leading) {
    const folder = `${observer.procRoot}/${pid}`;
    const text = observer.read(`${folder}/timens_offsets`);
    // Afterwards, so that what was read is of this one: a process can go on to another.
    const now = observer.look(`${folder}/ns/time_for_children`);
    if (text.ok && now.ok && now.value.id === id) return read(text.value);
  }
  return undefined;
}

function read(text: string): Outcome<ClockAttributes> {
  const parsed = parseTimensOffsets(text);
  if (!parsed.ok) return refused("EBADMSG");
  const of = (wanted: ClockOffset["clock"]): Offset => {
    const found = parsed.value.find(({ clock }) => clock === wanted);
    return { seconds: Number(found?.seconds ?? 0n), nanoseconds: found?.nanoseconds ?? 0 };
  };
  return ok({ of: "time", monotonic: of("monotonic"), boottime: of("boottime") });
}
