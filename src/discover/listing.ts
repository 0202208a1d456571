import { NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { inodeOf, type NamespaceId } from "../abi/ids.ts";
import { INTERFACES } from "../abi/interfaces.ts";
import { capBit } from "../abi/capabilities.ts";
import type { Observer } from "../kernel/observer.ts";
import type { Refused } from "../rules/outcome.ts";
import type { Registry } from "./registry.ts";
import { Tally } from "./tally.ts";

/** Ids that one call asks for. */
const PAGE = 512;
/** User namespaces first: the owners of all others are known then. */
const ORDER: readonly NamespaceKind[] = ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup", "time"];

/** What the viewer is in, as far as it decides over what is listed. */
type Own = Readonly<Partial<Record<NamespaceKind, NamespaceId>>>;

/**
 * Every namespace that the kernel lists, whatever leads to it: a process, an open file anywhere, be it on its way between
 * processes, a mount, or what it owns. What nothing led to so far is opened by its id and asked, without any file of /proc.
 * What only sockets keep alive is not listed. Since Linux 6.19.
 */
export function discoverListed(observer: Observer, registry: Registry, own: Own): Tally {
  const tally = new Tally("listing");
  for (const kind of ORDER) {
    const refusal = listKind(observer, registry, { kind, tally });
    if (refusal === undefined) continue;
    tell(tally, refusal);
    return tally;
  }
  if (!seesAll(observer, own)) tally.note("namespaces-not-listed");
  return tally;
}

/** Page by page; undefined at the end of the list. */
function listKind(
  observer: Observer,
  registry: Registry,
  { kind, tally }: { kind: NamespaceKind; tally: Tally },
): Refused | undefined {
  for (let after = 0n; ;) {
    const page = observer.listNamespaces({ kind, after, atMost: PAGE });
    // A kernel that was built without a kind has none of it.
    if (!page.ok) return page.errno === "ENOENT" || page.errno === "EOPNOTSUPP" ? undefined : page;
    for (const uniqueId of page.value) take(observer, registry, { kind, uniqueId, tally });
    const last = page.value.at(-1);
    if (last === undefined || page.value.length < PAGE) return undefined;
    after = last;
  }
}

function take(
  observer: Observer,
  registry: Registry,
  { kind, uniqueId, tally }: { kind: NamespaceKind; uniqueId: bigint; tally: Tally },
): void {
  if (registry.ofUniqueId(uniqueId) === undefined) {
    const opened = observer.openById({ kind, uniqueId });
    if (!opened.ok) {
      // It was listed a moment ago, to whom may open it.
      if (opened.errno === "ESTALE") tally.lost();
      else tally.refused(opened.errno);
      return;
    }
    using file = opened.value;
    registry.visit(file);
  }
  const known = registry.ofUniqueId(uniqueId);
  // The number of its file was seen as another's, which has ended meanwhile.
  if (known === undefined) return tally.lost();
  registry.markListed(known);
  tally.saw();
}

function tell(tally: Tally, { errno, reason }: Refused): void {
  if (errno !== "ENOSYS") tally.refused(errno);
  else if (reason === "no-native-half") tally.unsupported(errno);
  else tally.unsupported(errno, INTERFACES.listns.since);
}

/**
 * Whether nothing is kept from the viewer: since Linux 7.0 whoever is in the initial pid namespace with CAP_SYS_ADMIN in the
 * initial user namespace sees all. On 6.19 the capability alone will do; then this is more cautious than it need be.
 */
function seesAll(observer: Observer, own: Own): boolean {
  const isInitial = (kind: "user" | "pid"): boolean => {
    const id = own[kind];
    return id !== undefined && inodeOf(id) === String(NAMESPACE_KINDS[kind].initialInode);
  };
  const { capabilities } = observer.who();
  const isAdmin = capabilities !== undefined && (capabilities & capBit("CAP_SYS_ADMIN")) !== 0n;
  return isAdmin && isInitial("user") && isInitial("pid");
}
