import { KINDS } from "../abi/namespace-kinds.ts";
import { INTERFACE_FLAGS } from "../abi/netlink.ts";
import { ATTRIBUTE_LABELS, ATTRIBUTE_SENTENCES, ATTRIBUTE_TEXTS } from "../messages/attributes.ts";
import { SHOWN_WHEN } from "../messages/gaps.ts";
import { safeText } from "../messages/safe-text.ts";
import type { Text } from "../messages/sentence.ts";
import { ATTRIBUTE_SOURCES, isAttributed, type AttributedKind } from "../snapshot/attributes.ts";
import { namespacesInUse, type KindCounts } from "../snapshot/in-use.ts";
import type {
  Attributes,
  HostNameAttributes,
  IpcAttributes,
  LimitAttributes,
  NetworkInterface,
  Offset,
  Refusal,
} from "../snapshot/types.ts";
import { refusedText, type ShowSource } from "./show-source.ts";

interface AttributePart {
  readonly label: Text;
  readonly lines: readonly string[];
}
const part = (label: keyof typeof ATTRIBUTE_LABELS, ...lines: readonly string[]): AttributePart => ({
  label: ATTRIBUTE_LABELS[label],
  lines,
});

/** The label of what a kind says of itself, where it says nothing. */
const LABELS: Readonly<Record<AttributedKind, keyof typeof ATTRIBUTE_LABELS>> = {
  uts: "hostname",
  time: "clocks",
  cgroup: "root",
  net: "interfaces",
  user: "limits",
  ipc: "ipc",
};

/** What a namespace says of itself, or why that is not known. */
export function attributeParts(source: ShowSource): AttributePart[] {
  const { kind, attributes } = source.namespace;
  if (!isAttributed(kind)) return [];
  const inUse = kind === "user" ? [part("inUse", ...inUseLines(source))] : [];
  if (attributes === undefined) return [...notRead(kind, source), ...inUse];
  if (!("value" in attributes)) return [part(LABELS[kind], refusalLine(attributes, source)), ...inUse];
  return [...toldParts(attributes.value, source), ...inUse];
}

/** Who left it out on purpose need not be told; a file of an older format, or with less in it, is. */
function notRead(kind: AttributedKind, { index, language }: ShowSource): AttributePart[] {
  const row = index.snapshot.coverage.find(({ source }) => source === ATTRIBUTE_SOURCES[kind]);
  const why = row?.skipped?.why;
  if (why !== "older-format" && why !== "costly") return [];
  const shownBy = SHOWN_WHEN[why][language];
  return [part(LABELS[kind], ATTRIBUTE_SENTENCES.notRead[language]({ shownBy }))];
}

function refusalLine(refusal: Refusal, source: ShowSource): string {
  const { language, namespace, nameOf } = source;
  if (refusal.refused === "ECANCELED")
    return ATTRIBUTE_SENTENCES.notRead[language]({ shownBy: SHOWN_WHEN.entering[language] });
  const text = refusedText(refusal, source);
  const owner = namespace.kind === "user" ? namespace.id : "to" in namespace.owner ? namespace.owner.to : undefined;
  if (refusal.refused !== "EPERM" || owner === undefined) return text;
  return `${text}. ${ATTRIBUTE_SENTENCES.whoMay[language]({ owner: nameOf({ id: owner, kind: "user" }) })}`;
}

function toldParts(attributes: Attributes, source: ShowSource): AttributePart[] {
  const { language, charset } = source;
  switch (attributes.of) {
    case "uts":
      return hostParts(attributes, source);
    case "time":
      return [
        part(
          "clocks",
          ...(["monotonic", "boottime"] as const).map((clock) =>
            ATTRIBUTE_SENTENCES.clock[language]({ clock, offset: offsetText(attributes[clock]) }),
          ),
        ),
      ];
    case "cgroup": {
      const { root } = attributes;
      return [part("root", root === undefined ? ATTRIBUTE_TEXTS.redacted[language] : safeText(root, charset))];
    }
    case "net": {
      const lines = attributes.interfaces.map((one) => interfaceLine(one, attributes.interfaces, source));
      return [part("interfaces", ...(lines.length === 0 ? [ATTRIBUTE_TEXTS.noInterfaces[language]] : lines))];
    }
    case "user":
      return [part("limits", limitLine(attributes, source))];
    case "ipc":
      return [part("ipc", ...ipcLines(attributes, source))];
  }
}

function hostParts({ hostname, domainname }: HostNameAttributes, { language, charset }: ShowSource): AttributePart[] {
  const text = (name: string): string => (name === "" ? ATTRIBUTE_TEXTS.emptyName[language] : safeText(name, charset));
  return [part("hostname", text(hostname)), part("domainname", text(domainname))];
}

const NANOSECONDS = 1_000_000_000n;

/** `+86400`, `-4.5`: seconds with a sign. */
export function offsetText({ seconds, nanoseconds }: Offset): string {
  const all = BigInt(seconds) * NANOSECONDS + BigInt(nanoseconds);
  const size = all < 0n ? -all : all;
  const [whole, rest] = [size / NANOSECONDS, size % NANOSECONDS];
  const fraction = rest === 0n ? "" : `.${String(rest).padStart(9, "0").replace(/0+$/, "")}`;
  return `${all < 0n ? "-" : "+"}${whole}${fraction}`;
}

/** `2 eth0: veth, up, mtu 1500, 62:f7:b8:e3:69:0b, 10.9.8.7/24, tied to vx0 in net:[4026531833]` */
function interfaceLine(one: NetworkInterface, all: readonly NetworkInterface[], source: ShowSource): string {
  const { language } = source;
  const { index, kind, mtu, mac, master, addresses } = one;
  const port = master === undefined ? undefined : nameAt(all, master, source);
  const to = tiedTo(one, all, source);
  const facts = [
    ...(kind === undefined ? [] : [safeText(kind, source.charset)]),
    stateOf(one),
    `mtu ${mtu}`,
    ...(mac === undefined || /^[0:]*$/.test(mac) ? [] : [mac]),
    ...addresses.map(
      ({ address, prefix, peer }) => (peer === undefined ? "" : `${address} > ${peer}`) || `${address}/${prefix}`,
    ),
    ...(port === undefined ? [] : [ATTRIBUTE_SENTENCES.port[language]({ of: port })]),
    ...(to === undefined ? [] : [ATTRIBUTE_SENTENCES.tied[language]({ to })]),
  ];
  return `${index} ${ownName(one, source)}: ${facts.join(", ")}`;
}

/** Down by whoever rules it; else what the device says, `unknown` being up where no device says more, as in lo. */
function stateOf({ flags, state }: NetworkInterface): string {
  if ((flags & INTERFACE_FLAGS.IFF_UP) === 0) return "down";
  return state === "unknown" || state === "up" ? "up" : `up (${state})`;
}

const ownName = ({ index, name }: NetworkInterface, { charset, language }: ShowSource): string =>
  name === undefined ? ATTRIBUTE_SENTENCES.number[language]({ index }) : safeText(name, charset);

function nameAt(all: readonly NetworkInterface[], index: number, source: ShowSource): string {
  const found = all.find((one) => one.index === index);
  return found === undefined ? ATTRIBUTE_SENTENCES.number[source.language]({ index }) : ownName(found, source);
}

function tiedTo({ link }: NetworkInterface, all: readonly NetworkInterface[], source: ShowSource): string | undefined {
  if (link === undefined) return undefined;
  const { index, netnsid, namespace } = link;
  const { language, nameOf } = source;
  if (netnsid === undefined) return nameAt(all, index, source);
  if (namespace === undefined) return ATTRIBUTE_SENTENCES.unseen[language]({ index, netnsid });
  const other = source.index.namespaces.get(namespace)?.attributes;
  const interfaces = other !== undefined && "value" in other && other.value.of === "net" ? other.value.interfaces : [];
  const where = nameOf({ id: namespace, kind: "net" });
  return ATTRIBUTE_SENTENCES.elsewhere[language]({ name: nameAt(interfaces, index, source), where });
}

/** INT_MAX: what the kernel gives a new user namespace, whose users are then limited by those above alone. */
const UNLIMITED = 2_147_483_647;

function limitLine({ limits }: LimitAttributes, { language }: ShowSource): string {
  const given = KINDS.flatMap((kind) => {
    const most = limits[kind];
    return most === undefined || most === UNLIMITED ? [] : [`${kind} ${most}`];
  });
  if (given.length === 0) return ATTRIBUTE_TEXTS.unlimited[language];
  return ATTRIBUTE_SENTENCES.limits[language]({ limits: given.join(", ") });
}

function inUseLines({ index, namespace, language }: ShowSource): string[] {
  const { byUid, unattributed } = namespacesInUse(index, namespace.id);
  const text = (counts: KindCounts): string =>
    KINDS.flatMap((kind) => (counts.has(kind) ? [`${kind} ${counts.get(kind)}`] : [])).join(", ");
  const line = (who: string, counts: KindCounts): string =>
    ATTRIBUTE_SENTENCES.inUse[language]({ who, counts: text(counts) });
  return [
    ...Array.from(byUid, ([uid, counts]) => line(`uid ${uid}`, counts)),
    ...(unattributed.size === 0 ? [] : [line(ATTRIBUTE_TEXTS.unknownCreator[language], unattributed)]),
  ];
}

function ipcLines(use: IpcAttributes, { language }: ShowSource): string[] {
  const { segments, pages, semaphores, semaphoreSets, messages, messageBytes, queues } = use;
  return [
    ATTRIBUTE_SENTENCES.segments[language]({ count: segments, pages }),
    ATTRIBUTE_SENTENCES.semaphores[language]({ count: semaphores, sets: semaphoreSets }),
    ATTRIBUTE_SENTENCES.messages[language]({ count: messages, bytes: messageBytes, queues }),
  ];
}
