import {
  openNamespace,
  refOf,
  type Identity,
  type Namespace,
  type NamespaceKind,
  type RefKind,
} from "../../src/index.ts";
import { same } from "./same.ts";

// What the compiler accepts and refuses; nothing here runs. `tsc -p .` fails where an expected error does not come.

// A REF that says its kind gives a namespace of that kind.
same<RefKind<"net:/run/netns/blue">, "net">(true);
same<RefKind<"user:[4026531837]">, "user">(true);
same<RefKind<"pid:[0:4/4026531836]">, "pid">(true);
same<RefKind<"mnt:id:4711">, "mnt">(true);
same<RefKind<"net:blue">, "net">(true);
same<RefKind<"42/uts">, "uts">(true);
same<RefKind<"self/user">, "user">(true);
same<RefKind<"42/43/ipc">, "ipc">(true);
same<RefKind<"self/pid_for_children">, "pid">(true);
same<RefKind<`${number}/time_for_children`>, "time">(true);
same<RefKind<`cgroup:${string}`>, "cgroup">(true);
same<RefKind<"net:a" | "uts:[1]">, "net" | "uts">(true);
// One that does not may give any: a path, whatever it looks like, can be bound to any namespace.
same<RefKind<"/proc/self/ns/net">, NamespaceKind>(true);
same<RefKind<"./user:pin">, NamespaceKind>(true);
same<RefKind<"../x/net">, NamespaceKind>(true);
same<RefKind<"fd:7">, NamespaceKind>(true);
same<RefKind<"4026531833">, NamespaceKind>(true);
same<RefKind<"42/nothing">, NamespaceKind>(true);
same<RefKind<string>, NamespaceKind>(true);

export async function onlySomeKindsHaveParents(path: string): Promise<void> {
  using net = await openNamespace("net:/run/netns/blue");
  same<typeof net, Namespace<"net">>(true);
  same<ReturnType<typeof net.owner>, Identity<"user">>(true);
  // @ts-expect-error NS_GET_PARENT of a network namespace is EINVAL
  net.parent();
  // @ts-expect-error so it is here
  net.openParent();
  // @ts-expect-error and it has no ancestors
  net.ancestors();
  // @ts-expect-error NS_GET_OWNER_UID of a network namespace is EINVAL
  net.ownerUid();

  using pid = await openNamespace("42/pid");
  same<ReturnType<typeof pid.parent>, Identity<"pid">>(true);
  // @ts-expect-error of a pid namespace it is EINVAL too
  pid.ownerUid();
  using above = pid.openParent();
  same<typeof above, Namespace<"pid">>(true);

  using user = await openNamespace("self/user");
  same<ReturnType<typeof user.parent>, Identity<"user">>(true);
  same<ReturnType<typeof user.ownerUid>["uid"], number>(true);
  using owner = net.openOwner();
  same<typeof owner, Namespace<"user">>(true);

  // Where the kind is not known, `kind` tells.
  using some = await openNamespace(path);
  same<typeof some, Namespace>(true);
  // @ts-expect-error it may be of a kind that does not nest
  some.parent();
  if (some.kind === "user") some.ownerUid();
  if (some.kind === "user" || some.kind === "pid") some.parent();
  // @ts-expect-error a time namespace has no parent
  if (some.kind === "time") some.parent();

  // Or the caller says which it has to be.
  using wanted = await openNamespace(path, { kind: "user" });
  same<typeof wanted, Namespace<"user">>(true);
  // @ts-expect-error there is no such kind
  await openNamespace(path, { kind: "nett" });

  // A REF made of an identity promises its kind as well.
  using again = await openNamespace(refOf(user.parent()));
  same<typeof again, Namespace<"user">>(true);
}

export function identitiesAreValues(user: Namespace<"user">): void {
  const owner = user.owner();
  // @ts-expect-error an identity holds nothing, so there is nothing to end
  owner[Symbol.dispose]();
  // @ts-expect-error nor can it be asked
  owner.parent();
}
