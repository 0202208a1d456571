import { IPC_SYSCTLS } from "../abi/ipc-sysctls.ts";
import { NETWORK_SYSCTLS } from "../abi/network-sysctls.ts";
import { ROUTES } from "../abi/netlink.ts";
import { KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { S32_MAX, unsigned } from "../procfs/decimal.ts";
import { ok, refused, type Outcome } from "../rules/outcome.ts";
import type {
  HostNameAttributes,
  InterfaceAddress,
  InterfaceRoute,
  IpcAttributes,
  LimitAttributes,
  NetworkAttributes,
  NetworkInterface,
} from "../snapshot/types.ts";
import type { NetworkSysctls, NetworkTold } from "../kernel/attributes.ts";
import { answers, type Asked, type AttributeReader } from "./asked.ts";
import { push } from "../snapshot/push.ts";

type Route = NetworkTold["routes"][number];

/** The viewer's own stand under /proc/sys, which shows each reader those of its own namespace. */
export const hostNameAttributes: AttributeReader<HostNameAttributes> = (asked, ids) =>
  answers(asked, ids, {
    outside: (id) => (id === asked.own ? ownHostNames(asked) : undefined),
    ask: (telling, of) => telling.hostNames(of).map((told) => given(told, (names) => ({ of: "uts", ...names }))),
  });

function ownHostNames({ observer }: Asked): Outcome<HostNameAttributes> | undefined {
  const [hostname, domainname] = ["hostname", "domainname"].map((name) =>
    observer.read(`${observer.procRoot}/sys/kernel/${name}`),
  );
  if (hostname?.ok !== true || domainname?.ok !== true) return undefined;
  return ok({ of: "uts", hostname: line(hostname.value), domainname: line(domainname.value) });
}

const line = (text: string): string => text.replace(/\n$/, "");
const given = <T, A>(told: Outcome<T>, attributes: (value: T) => A): Outcome<A> =>
  told.ok ? ok(attributes(told.value)) : told;

/** Likewise. ENOENT: the kernel has no such limits (before Linux 4.9). */
export const limitAttributes: AttributeReader<LimitAttributes> = (asked, ids) =>
  answers(asked, ids, {
    outside: (id) => (id === asked.own ? ownLimits(asked) : undefined),
    ask: (telling, of) => telling.userLimits(of).map((told) => given(told, (limits) => ({ of: "user", limits }))),
  });

function ownLimits({ observer }: Asked): Outcome<LimitAttributes> {
  const limits: Partial<Record<NamespaceKind, number>> = {};
  let last: Outcome<string> = refused("ENOENT");
  for (const kind of KINDS) {
    last = observer.read(`${observer.procRoot}/sys/user/max_${kind}_namespaces`);
    const limit = last.ok ? unsigned(line(last.value), S32_MAX) : undefined;
    if (limit !== undefined) limits[kind] = limit;
  }
  return Object.keys(limits).length === 0 && !last.ok ? last : ok({ of: "user", limits });
}

export const ipcAttributes: AttributeReader<IpcAttributes> = ({ inside }, ids) =>
  inside(ids, (telling, of) =>
    telling
      .ipcUse(of)
      .map((told) =>
        given(told, ({ sysctls, ...use }) => ({ of: "ipc", ...use, sysctls: changed(sysctls, IPC_SYSCTLS) })),
      ),
  );

/** Those that a new namespace has otherwise. */
function changed<Name extends string>(
  sysctls: Readonly<Partial<Record<Name, string>>>,
  known: Readonly<Record<Name, { readonly initial: string }>>,
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (const name in known) {
    const text = sysctls[name];
    if (text !== undefined && text !== known[name].initial) found[name] = text;
  }
  return found;
}

export const networkAttributes: AttributeReader<NetworkAttributes> = ({ inside }, ids) =>
  inside(ids, (telling, of) => {
    const sysctls = telling.networkSysctls(of);
    return telling.network(of).map((told, nth) => given(told, (one) => networkOf(one, sysctls[nth])));
  });

/** Interfaces by index, each with its addresses in the order of their texts; routes that somebody made. */
function networkOf(told: NetworkTold, sysctls: Outcome<NetworkSysctls> | undefined): NetworkAttributes {
  const addresses = new Map<number, InterfaceAddress[]>();
  for (const { index, ...address } of told.addresses) {
    push(addresses, index, address);
  }
  const interfaces = told.links.map((link): NetworkInterface => {
    const own = (addresses.get(link.index) ?? []).toSorted((a, b) => (a.address < b.address ? -1 : 1));
    return { ...link, addresses: own };
  });
  const sorted = interfaces.toSorted((a, b) => a.index - b.index);
  const set = sysctls?.ok === true ? changed(sysctls.value, NETWORK_SYSCTLS) : {};
  return {
    of: "net",
    interfaces: sorted,
    ...routesOf(told.routes),
    ...(Object.keys(set).length > 0 && { sysctls: set }),
  };
}

function routesOf(all: readonly Route[]): Pick<NetworkAttributes, "routes" | "otherRoutes"> {
  const made = all.filter(({ protocol }) => protocol !== ROUTES.RTPROT_KERNEL && protocol !== ROUTES.RTPROT_RA);
  const routes = made
    .filter(({ isPlain }) => isPlain)
    .map(({ protocol: _protocol, isPlain: _isPlain, ...route }) => ({ route, key: routeKey(route) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ route }) => route);
  const others = made.length - routes.length;
  return { ...(routes.length > 0 && { routes }), ...(others > 0 && { otherRoutes: others }) };
}
const routeKey = ({ family, to, metric = 0, device = 0, via = "" }: InterfaceRoute): string =>
  [family, to, String(metric).padStart(10, "0"), String(device).padStart(10, "0"), via].join(" ");
