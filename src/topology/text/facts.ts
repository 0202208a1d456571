import { KINDS } from "../../abi/namespace-kinds.ts";
import { safeText } from "../../messages/safe-text.ts";
import type { Language } from "../../messages/sentence.ts";
import { TOPOLOGY_TEXT } from "../../messages/topology-text.ts";
import type { IdExtent } from "../../procfs/id-map.ts";
import type { ClockOffset, UserNode } from "../nodes.ts";
import type { NamespaceNode } from "../topology.ts";

/** What one line says of a namespace besides its label: its attributes, as far as they are not what every new one has. */
export function namespaceFacts(node: NamespaceNode, language: Language): readonly string[] {
  switch (node.kind) {
    case "user":
      return userFacts(node, language);
    case "pid":
      return [
        TOPOLOGY_TEXT.below[language]({ parent: node.parent }),
        ...(node.state === "alive" ? [] : [TOPOLOGY_TEXT[node.state][language]]),
        ...(node.pidMax === undefined ? [] : [`pid_max ${node.pidMax}`]),
      ];
    case "uts":
      return [node.hostname, node.domainname === "(none)" ? undefined : node.domainname].flatMap((name) =>
        name === undefined ? [] : [safeText(name)],
      );
    case "ipc":
      return sysctlFacts(node.sysctls, language);
    case "cgroup":
      return node.root === undefined ? [] : [safeText(node.root)];
    case "time": {
      const { monotonic, boottime } = node;
      if (monotonic === undefined || boottime === undefined) return [];
      return [TOPOLOGY_TEXT.clocks[language]({ monotonic: offsetText(monotonic), boottime: offsetText(boottime) })];
    }
    case "net":
      return [...node.devices.map(({ name }) => safeText(name)), ...sysctlFacts(node.sysctls, language)];
    case "mnt":
      return [];
  }
}

function userFacts({ creator, uidMap, gidMap, projidMap, setgroups, limits }: UserNode, language: Language): string[] {
  const map = (sort: string, extents: readonly IdExtent[] | undefined): string[] => {
    const [first] = extents ?? [];
    if (first === undefined) return [];
    const { inside, outside, count } = first;
    const about = { sort, inside: range(inside, count), outside: range(outside, count) };
    return [TOPOLOGY_TEXT.map[language]({ ...about, more: (extents?.length ?? 1) - 1 })];
  };
  const maps = [...map("uid", uidMap), ...map("gid", gidMap), ...map("projid", projidMap)];
  const most = KINDS.flatMap((kind) => (limits[kind] === undefined ? [] : [`${limits[kind]} ${kind}`]));
  return [
    TOPOLOGY_TEXT.creator[language](creator),
    ...(maps.length === 0 ? [TOPOLOGY_TEXT["no-map"][language]] : maps),
    ...(setgroups === "deny" ? [TOPOLOGY_TEXT.deny[language]] : []),
    ...(most.length === 0 ? [] : [TOPOLOGY_TEXT.limits[language]({ limits: most.join(", ") })]),
  ];
}

const range = (first: number, count: number): string => (count === 1 ? `${first}` : `${first}-${first + count - 1}`);

function sysctlFacts(sysctls: Readonly<Record<string, string>>, language: Language): readonly string[] {
  const count = Object.keys(sysctls).length;
  return count === 0 ? [] : [TOPOLOGY_TEXT.sysctls[language]({ count })];
}

/** `+3600`, `-1.5`: the seconds are rounded down, so the nanoseconds are added to them. */
function offsetText({ seconds, nanoseconds }: ClockOffset): string {
  const total = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  const [sign, size] = total < 0n ? ["-", -total] : ["+", total];
  const fraction = String(size % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${sign}${size / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`}`;
}
