import { KINDS } from "../../abi/namespace-kinds.ts";
import { LINKS } from "../../abi/proc-links.ts";
import { FINDING_DETAILS } from "../../messages/topology.ts";
import { capabilityFields, extentFields, idsFields, inKeyOrder, type Fields } from "../../snapshot/fields.ts";
import { toJson } from "../../snapshot/json-text.ts";
import type { Finding } from "../findings.ts";
import type { NetworkDevice, NetworkRoute } from "../network.ts";
import type { ClockOffset } from "../nodes.ts";
import type { Credentials, NamespaceNode, Origin, PinNode, ProcessNode, Topology } from "../topology.ts";

/**
 * An image as text: JSON with one record a line, so that two compare well line by line. Fields have one fixed order, and
 * records keep theirs: equal images give equal texts.
 */
export function encodeTopology(topology: Topology): string {
  const { format, version, origin, namespaces, processes, pins, findings } = topology;
  const lines = [
    `  "format": ${toJson(format)}`,
    `  "version": ${toJson(version)}`,
    ...(origin === undefined ? [] : [`  "origin": ${toJson(originFields(origin))}`]),
    list("namespaces", namespaces.map(namespaceFields)),
    list("processes", processes.map(processFields)),
    list("pins", pins.map(pinFields)),
    list("findings", findings.map(findingFields)),
  ];
  return `{\n${lines.join(",\n")}\n}\n`;
}

function list(name: string, records: readonly object[]): string {
  if (records.length === 0) return `  "${name}": []`;
  return `  "${name}": [\n    ${records.map(toJson).join(",\n    ")}\n  ]`;
}

const originFields = ({ producer, takenAt, kernel, bootId }: Origin): Fields<Origin> => ({
  producer: { name: producer.name, version: producer.version } satisfies Fields<Origin["producer"]>,
  takenAt,
  kernel: { release: kernel.release, machine: kernel.machine } satisfies Fields<Origin["kernel"]>,
  bootId,
});

function namespaceFields(node: NamespaceNode): object {
  const { label, kind, owner } = node;
  const first = { label, kind, owner };
  const identity = node.identity && { inode: node.identity.inode, uniqueId: node.identity.uniqueId };
  switch (node.kind) {
    case "user":
      return {
        ...first,
        creator: { uid: node.creator.uid },
        uidMap: node.uidMap?.map(extentFields),
        gidMap: node.gidMap?.map(extentFields),
        projidMap: node.projidMap?.map(extentFields),
        setgroups: node.setgroups,
        limits: inKeyOrder(KINDS, node.limits),
        identity,
      } satisfies Fields<typeof node>;
    case "pid":
      return { ...first, parent: node.parent, state: node.state, pidMax: node.pidMax, identity } satisfies Fields<
        typeof node
      >;
    case "mnt":
      return { ...first, identity } satisfies Fields<typeof node>;
    case "uts":
      return { ...first, hostname: node.hostname, domainname: node.domainname, identity } satisfies Fields<typeof node>;
    case "ipc":
      return { ...first, sysctls: sorted(node.sysctls), identity } satisfies Fields<typeof node>;
    case "cgroup":
      return { ...first, root: node.root, identity } satisfies Fields<typeof node>;
    case "time":
      return {
        ...first,
        monotonic: node.monotonic && offsetFields(node.monotonic),
        boottime: node.boottime && offsetFields(node.boottime),
        identity,
      } satisfies Fields<typeof node>;
    case "net":
      return {
        ...first,
        devices: node.devices.map(deviceFields),
        routes: node.routes.map(routeFields),
        netnsids: node.netnsids.map(({ id, namespace }) => ({ id, namespace })),
        sysctls: sorted(node.sysctls),
        identity,
      } satisfies Fields<typeof node>;
  }
}

const offsetFields = ({ seconds, nanoseconds }: ClockOffset): Fields<ClockOffset> => ({ seconds, nanoseconds });
const deviceFields = (device: NetworkDevice): Fields<NetworkDevice> => ({
  index: device.index,
  name: device.name,
  sort: device.sort,
  kernelSort: device.kernelSort,
  mtu: device.mtu,
  mac: device.mac,
  up: device.up,
  flags: device.flags,
  master: device.master,
  peer: device.peer && { namespace: device.peer.namespace, index: device.peer.index },
  vlan: device.vlan,
  addresses: device.addresses.map(({ address, prefix, peer }) => ({ address, prefix, peer })),
});
const routeFields = ({ to, via, device, metric, family }: NetworkRoute): Fields<NetworkRoute> => ({
  to,
  via,
  device,
  metric,
  family,
});

const processFields = (process: ProcessNode): Fields<ProcessNode> => ({
  label: process.label,
  comm: process.comm,
  parent: process.parent,
  numbers: process.numbers,
  namespaces: inKeyOrder(LINKS, process.namespaces),
  credentials: credentialFields(process.credentials),
  session: process.session,
  group: process.group,
  descriptors: process.descriptors.map(({ fd, namespace, closeOnExec }) => ({ fd, namespace, closeOnExec })),
  identity: process.identity && { pid: process.identity.pid },
});
const credentialFields = ({ uid, gid, groups, capabilities: sets, noNewPrivs }: Credentials): Fields<Credentials> => ({
  uid: idsFields(uid),
  gid: idsFields(gid),
  groups,
  capabilities: capabilityFields(sets),
  noNewPrivs,
});

const pinFields = ({ namespace, in: place, path }: PinNode): Fields<PinNode> => ({ namespace, in: place, path });
const findingFields = ({ class: sort, element, code, details }: Finding): Fields<Finding> => ({
  class: sort,
  element,
  code,
  details: inKeyOrder(FINDING_DETAILS, details),
});

const sorted = (values: Readonly<Record<string, string>>): object => inKeyOrder(Object.keys(values).toSorted(), values);
