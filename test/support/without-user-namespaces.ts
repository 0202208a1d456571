import { ERRNOS } from "../../src/abi/errnos.ts";
import type { NsFile, Observer, ProcessScan } from "../../src/kernel/observer.ts";
import { ok, refused, type Outcome } from "../../src/rules/outcome.ts";

/**
 * A kernel built without CONFIG_USER_NS, as an observer sees it: there is no link `user`, and who asks for the owner of
 * another namespace gets EPERM. Source: fs/proc/namespaces.c, include/linux/user_namespace.h ns_get_owner.
 */
export function withoutUserNamespaces(observer: Observer): Observer {
  const isUser = (path: string): boolean => /\/ns\/user$/.test(path);
  const missing = (): Outcome<never> => refused("ENOENT", "no-such-file");
  return {
    source: observer.source,
    procRoot: observer.procRoot,
    who: () => observer.who(),
    async scan(wish) {
      const scan = await observer.scan(wish);
      return scan.ok ? ok(withoutLink(scan.value)) : scan;
    },
    look: (path) => (isUser(path) ? missing() : observer.look(path)),
    open(path) {
      const file = isUser(path) ? missing() : observer.open(path);
      return file.ok ? ok(withoutOwner(file.value)) : file;
    },
    read: (path) => (/\/(uid_map|gid_map|setgroups)$/.test(path) ? missing() : observer.read(path)),
    names: (path) => observer.names(path),
    askSockets: (task, sockets) => observer.askSockets(task, sockets),
    openSocketNamespace: (task, socket) => observer.openSocketNamespace(task, socket),
    openPidForChildren: (task) => observer.openPidForChildren(task),
  };
}

function withoutLink(scan: ProcessScan): ProcessScan {
  const { count } = scan;
  const user = {
    ...scan.links.user,
    inode: new Float64Array(count),
    errno: new Uint16Array(count).fill(ERRNOS.ENOENT),
  };
  return {
    ...scan,
    links: { ...scan.links, user },
    comm: (row) => scan.comm(row),
    commandLine: (row) => scan.commandLine(row),
    cgroup: (row) => scan.cgroup(row),
  };
}

const withoutOwner = (file: NsFile): NsFile => ({
  id: file.id,
  kind: () => file.kind(),
  openOwner: () => refused("EPERM"),
  openParent: () => file.openParent(),
  ownerUid: () => file.ownerUid(),
  uniqueId: () => file.uniqueId(),
  [Symbol.dispose]: () => file[Symbol.dispose](),
});
