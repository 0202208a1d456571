import type { Attributes, NetworkInterface } from "./attributes.ts";
import type { NamespaceRecord } from "./types.ts";

/**
 * Without names and addresses: of a uts namespace nothing is left; of a cgroup namespace that it was read; of interfaces their
 * numbers, kinds, states, and what they are tied to; no routes. Clocks, limits and counts are numbers.
 */
export function redactAttributes(namespace: NamespaceRecord): NamespaceRecord {
  const { attributes, ...rest } = namespace;
  if (attributes === undefined || !("value" in attributes)) return namespace;
  const { value } = attributes;
  switch (value.of) {
    case "uts":
      return rest;
    case "cgroup":
      return { ...rest, attributes: { value: { of: value.of } } };
    case "net":
      return { ...rest, attributes: { value: { of: value.of, interfaces: value.interfaces.map(redactInterface) } } };
    default:
      return namespace;
  }
}

/** Whether it has something that is left out. */
export function isSecret(value: Attributes): boolean {
  if (value.of === "uts") return true;
  if (value.of === "cgroup") return value.root !== undefined;
  return (
    value.of === "net" &&
    (value.routes !== undefined ||
      value.interfaces.some(({ name, mac, addresses }) => (name ?? mac ?? addresses[0]) !== undefined))
  );
}

const redactInterface = ({ name: _name, mac: _mac, addresses: _addresses, ...kept }: NetworkInterface) => ({
  ...kept,
  addresses: [],
});
