import { IPC_SYSCTL_NAMES } from "../abi/ipc-sysctls.ts";
import { NETWORK_SYSCTL_NAMES } from "../abi/network-sysctls.ts";
import { KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import type {
  Attributes,
  ClockAttributes,
  CgroupAttributes,
  HostNameAttributes,
  InterfaceAddress,
  InterfaceLink,
  InterfaceRoute,
  IpcAttributes,
  LimitAttributes,
  NetnsNumber,
  NetworkAttributes,
  NetworkInterface,
  Offset,
} from "./attributes.ts";
import { inKeyOrder, type Fields } from "./fields.ts";

/** The attributes of a namespace as a text has them. */
export function attributeFields(attributes: Attributes): object {
  switch (attributes.of) {
    case "uts":
      return {
        of: attributes.of,
        hostname: attributes.hostname,
        domainname: attributes.domainname,
      } satisfies Fields<HostNameAttributes>;
    case "time":
      return {
        of: attributes.of,
        monotonic: offsetFields(attributes.monotonic),
        boottime: offsetFields(attributes.boottime),
      } satisfies Fields<ClockAttributes>;
    case "cgroup":
      return { of: attributes.of, root: attributes.root } satisfies Fields<CgroupAttributes>;
    case "net":
      return {
        of: attributes.of,
        interfaces: attributes.interfaces.map(interfaceFields),
        routes: attributes.routes?.map(routeFields),
        otherRoutes: attributes.otherRoutes,
        numbers: attributes.numbers?.map(
          ({ number, namespace }) => ({ number, namespace }) satisfies Fields<NetnsNumber>,
        ),
        sysctls: attributes.sysctls && inKeyOrder(NETWORK_SYSCTL_NAMES, attributes.sysctls),
      } satisfies Fields<NetworkAttributes>;
    case "user":
      return { of: attributes.of, limits: byKind(attributes.limits) } satisfies Fields<LimitAttributes>;
    case "ipc":
      return {
        of: attributes.of,
        segments: attributes.segments,
        pages: attributes.pages,
        semaphoreSets: attributes.semaphoreSets,
        semaphores: attributes.semaphores,
        queues: attributes.queues,
        messages: attributes.messages,
        messageBytes: attributes.messageBytes,
        sysctls: attributes.sysctls && inKeyOrder(IPC_SYSCTL_NAMES, attributes.sysctls),
      } satisfies Fields<IpcAttributes>;
  }
}

const offsetFields = ({ seconds, nanoseconds }: Offset): Fields<Offset> => ({ seconds, nanoseconds });

const interfaceFields = (one: NetworkInterface): Fields<NetworkInterface> => ({
  index: one.index,
  name: one.name,
  kind: one.kind,
  type: one.type,
  flags: one.flags,
  state: one.state,
  mtu: one.mtu,
  mac: one.mac,
  master: one.master,
  addresses: one.addresses.map(addressFields),
  vlan: one.vlan,
  link: one.link && linkFields(one.link),
});
const addressFields = ({ address, prefix, peer }: InterfaceAddress): Fields<InterfaceAddress> => ({
  address,
  prefix,
  peer,
});
const routeFields = ({ family, to, via, device, metric }: InterfaceRoute): Fields<InterfaceRoute> => ({
  family,
  to,
  via,
  device,
  metric,
});
const linkFields = ({ index, netnsid, namespace }: InterfaceLink): Fields<InterfaceLink> => ({
  index,
  netnsid,
  namespace,
});

function byKind(limits: LimitAttributes["limits"]): object {
  const ordered: Partial<Record<NamespaceKind, number>> = {};
  for (const kind of KINDS) if (limits[kind] !== undefined) ordered[kind] = limits[kind];
  return ordered;
}
