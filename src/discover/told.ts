import { IPC_SYSCTL_NAMES, IPC_SYSCTLS, type IpcSysctl } from "../abi/ipc-sysctls.ts";
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
import type { NetworkTold } from "../kernel/attributes.ts";
import type { Asked } from "./asked.ts";

type Route = NetworkTold["routes"][number];

/** The viewer's own stand under /proc/sys, which shows each reader those of its own namespace. */
export function hostNameAttributes({ observer, isOwn, inside }: Asked): Outcome<HostNameAttributes> {
  if (isOwn) {
    const [hostname, domainname] = ["hostname", "domainname"].map((name) =>
      observer.read(`${observer.procRoot}/sys/kernel/${name}`),
    );
    if (hostname?.ok === true && domainname?.ok === true)
      return ok({ of: "uts", hostname: line(hostname.value), domainname: line(domainname.value) });
  }
  const told = inside((telling, of) => telling.hostNames(of));
  return told.ok ? ok({ of: "uts", ...told.value }) : told;
}

const line = (text: string): string => text.replace(/\n$/, "");

/** Likewise. ENOENT: the kernel has no such limits (before Linux 4.9). */
export function limitAttributes({ observer, isOwn, inside }: Asked): Outcome<LimitAttributes> {
  if (!isOwn) {
    const told = inside((telling, of) => telling.userLimits(of));
    return told.ok ? ok({ of: "user", limits: told.value }) : told;
  }
  const limits: Partial<Record<NamespaceKind, number>> = {};
  let last: Outcome<string> = refused("ENOENT");
  for (const kind of KINDS) {
    last = observer.read(`${observer.procRoot}/sys/user/max_${kind}_namespaces`);
    const limit = last.ok ? unsigned(line(last.value), S32_MAX) : undefined;
    if (limit !== undefined) limits[kind] = limit;
  }
  return Object.keys(limits).length === 0 && !last.ok ? last : ok({ of: "user", limits });
}

export function ipcAttributes({ inside }: Asked): Outcome<IpcAttributes> {
  const told = inside((telling, of) => telling.ipcUse(of));
  if (!told.ok) return told;
  const { sysctls, ...use } = told.value;
  return ok({ of: "ipc", ...use, sysctls: changed(sysctls) });
}

/** Those that a new namespace has otherwise. */
function changed(sysctls: Readonly<Partial<Record<IpcSysctl, string>>>): Partial<Record<IpcSysctl, string>> {
  const found: Partial<Record<IpcSysctl, string>> = {};
  for (const name of IPC_SYSCTL_NAMES) {
    const text = sysctls[name];
    if (text !== undefined && text !== IPC_SYSCTLS[name].initial) found[name] = text;
  }
  return found;
}

/** Interfaces by index, each with its addresses in the order of their texts; routes that somebody made. */
export function networkAttributes({ inside }: Asked): Outcome<NetworkAttributes> {
  const told = inside((telling, of) => telling.network(of));
  if (!told.ok) return told;
  const addresses = new Map<number, InterfaceAddress[]>();
  for (const { index, ...address } of told.value.addresses) {
    const list = addresses.get(index);
    if (list === undefined) addresses.set(index, [address]);
    else list.push(address);
  }
  const interfaces = told.value.links.map((link): NetworkInterface => {
    const own = (addresses.get(link.index) ?? []).toSorted((a, b) => (a.address < b.address ? -1 : 1));
    return { ...link, addresses: own };
  });
  const sorted = interfaces.toSorted((a, b) => a.index - b.index);
  return ok({ of: "net", interfaces: sorted, ...routesOf(told.value.routes) });
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
