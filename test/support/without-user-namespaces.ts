import { ERRNOS } from "../../src/abi/errnos.ts";
import type { NsFile, Observer, ProcessScan } from "../../src/kernel/observer.ts";
import { ok, refused, type Outcome } from "../../src/rules/outcome.ts";

/** An object that answers some things otherwise. */
function otherwise<T extends object>(target: T, answers: Partial<T>): T {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(Object.hasOwn(answers, key) ? answers : target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/**
 * A kernel built without CONFIG_USER_NS, as an observer sees it: there is no link `user`, and who asks for the owner of
 * another namespace gets EPERM. Source: fs/proc/namespaces.c, include/linux/user_namespace.h ns_get_owner.
 */
export function withoutUserNamespaces(observer: Observer): Observer {
  const isUser = (path: string): boolean => path.endsWith("/ns/user");
  const missing = (): Outcome<never> => refused("ENOENT", "no-such-file");
  const open = (path: string): Outcome<NsFile> => {
    const file = isUser(path) ? missing() : observer.open(path);
    return file.ok ? ok(withoutOwner(file.value)) : file;
  };
  return otherwise(observer, {
    async scan(wish) {
      const scan = await observer.scan(wish);
      return scan.ok ? ok(withoutLink(scan.value)) : scan;
    },
    look: (path) => (isUser(path) ? missing() : observer.look(path)),
    open,
    openLinks: async (places) => places.map(({ pid, link }) => open(`${observer.procRoot}/${pid}/ns/${link}`)),
    read: (path) => (/\/(uid_map|gid_map|setgroups)$/.test(path) ? missing() : observer.read(path)),
  });
}

function withoutLink(scan: ProcessScan): ProcessScan {
  const { count, links } = scan;
  const user = { ...links.user, inode: new Float64Array(count), errno: new Uint16Array(count).fill(ERRNOS.ENOENT) };
  return otherwise(scan, { links: { ...links, user } });
}

const withoutOwner = (file: NsFile): NsFile => otherwise(file, { openOwner: () => refused("EPERM") });
