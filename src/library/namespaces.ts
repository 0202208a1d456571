import type { NamespaceKind, NestingKind } from "../abi/namespace-kinds.ts";
import type { NsFile } from "../kernel/observer.ts";
import { ok, type Outcome } from "../rules/outcome.ts";
import type { OwnerUid } from "../rules/owner-uid.ts";
import { nameOf, type Identity } from "./identity.ts";
import type { Namespace } from "./namespace.ts";
import { OwnedFile } from "./owned-file.ts";
import { ownerUidSeenBy } from "./owner-uid.ts";

/** Makes an open file a `Namespace` of its kind, which owns the file from then on. */
export const namespaceFrom = <K extends NamespaceKind>(owned: OwnedFile<K>): Namespace<K> =>
  MAKE[owned.identity.kind](owned);

/** Source: Node's util.inspect.custom, which is this symbol everywhere. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** The open file of a namespace, on loan; undefined: it is not one of ours. TypeError: it was closed. */
export const fileOf = (namespace: Namespace): NsFile | undefined => Plain.fileOf(namespace);

/** Any kind: nothing but what all of them answer. */
class Plain<K extends NamespaceKind> implements Disposable {
  protected readonly owned: OwnedFile<K>;

  constructor(owned: OwnedFile<K>) {
    this.owned = owned;
  }
  static fileOf(namespace: object): NsFile | undefined {
    if (!(namespace instanceof Plain)) return undefined;
    const answer: Outcome<NsFile> = namespace.owned.tell(ok);
    return answer.ok ? answer.value : undefined;
  }
  get identity(): Identity<K> {
    return this.owned.identity;
  }
  get kind() {
    return this.identity.kind;
  }
  get id() {
    return this.identity.id;
  }
  get dev() {
    return this.identity.dev;
  }
  get ino() {
    return this.identity.ino;
  }
  owner(): Identity<"user"> {
    using owner = this.openOwner();
    return owner.identity;
  }
  openOwner(): Namespace<"user"> {
    const file = this.owned.ask("NS_GET_USERNS", (file) => file.openOwner());
    return new User(new OwnedFile("user", file, this.owned.asking));
  }
  uniqueId(): bigint | undefined {
    const answer = this.owned.tell((file) => file.uniqueId());
    if (answer.ok) return answer.value;
    // Before Linux 6.18 namespaces have no such id.
    if (answer.errno === "ENOTTY") return undefined;
    throw this.owned.refusal("NS_GET_ID", answer);
  }
  toString(): string {
    return nameOf(this.identity);
  }
  /** What console.log shows. */
  [INSPECT](): string {
    return this.toString();
  }
  [Symbol.dispose](): void {
    this.owned[Symbol.dispose]();
  }
}

/** User and pid namespaces. */
class Nested<K extends NestingKind> extends Plain<K> {
  parent(): Identity<K> {
    using parent = this.#above();
    return parent.identity;
  }
  openParent(): Namespace<K> {
    return MAKE[this.kind](this.#above());
  }
  ancestors(): readonly Identity<K>[] {
    return ancestorsOf(this.owned);
  }
  #above(): OwnedFile<K> {
    const { owned } = this;
    const file = owned.ask("NS_GET_PARENT", (file) => file.openParent());
    return new OwnedFile(this.kind, file, owned.asking);
  }
}

/** At most 33 levels nest, so that as many files are open at once at most. */
function ancestorsOf<K extends NestingKind>(owned: OwnedFile<K>): Identity<K>[] {
  const answer = owned.tell((file) => file.openParent());
  if (!answer.ok && answer.errno === "EPERM") return [];
  if (!answer.ok) throw owned.refusal("NS_GET_PARENT", answer);
  using parent = new OwnedFile(owned.identity.kind, answer.value, owned.asking);
  return [parent.identity, ...ancestorsOf(parent)];
}

class User extends Nested<"user"> {
  ownerUid(): OwnerUid {
    const uid = this.owned.ask("NS_GET_OWNER_UID", (file) => file.ownerUid());
    return ownerUidSeenBy(this.owned.asking.observer, uid);
  }
}

/** A kind's own questions are methods of its class: what would be EINVAL is not there, at run time either. */
const MAKE: { readonly [K in NamespaceKind]: (owned: OwnedFile<K>) => Namespace<K> } = {
  cgroup: (owned) => new Plain(owned),
  ipc: (owned) => new Plain(owned),
  mnt: (owned) => new Plain(owned),
  net: (owned) => new Plain(owned),
  pid: (owned) => new Nested(owned),
  time: (owned) => new Plain(owned),
  user: (owned) => new User(owned),
  uts: (owned) => new Plain(owned),
};
