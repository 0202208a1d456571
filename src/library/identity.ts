import { deviceTextOf, inodeOf, makedev, type NamespaceId } from "../abi/ids.ts";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";

/** Which namespace it is: a value that holds no descriptor and keeps nothing alive. */
export interface Identity<K extends NamespaceKind = NamespaceKind> {
  readonly kind: K;
  /** `MAJ:MIN/INO` of its nsfs file, for `===` and as a key. Inodes are reused: compare while you hold the namespace. */
  readonly id: NamespaceId;
  /** `st_dev` of its nsfs file. */
  readonly dev: bigint;
  /** `st_ino` of its nsfs file. */
  readonly ino: bigint;
}

export function identityOf<K extends NamespaceKind>(kind: K, id: NamespaceId): Identity<K> {
  const [major = 0, minor = 0] = deviceTextOf(id).split(":").map(Number);
  return { kind, id, dev: makedev({ major, minor }), ino: BigInt(inodeOf(id)) };
}

/** As the kernel writes it in /proc/PID/ns: `net:[4026531833]`. A REF, unless its inode is on two devices. */
export const nameOf = <K extends NamespaceKind>({ kind, id }: Pick<Identity<K>, "kind" | "id">) =>
  `${kind}:[${inodeOf(id)}]` as const;

/** With the device: `net:[0:4/4026531833]`. A REF that always names one namespace. */
export const refOf = <K extends NamespaceKind>({ kind, id }: Pick<Identity<K>, "kind" | "id">) =>
  `${kind}:[${id}]` as const;
