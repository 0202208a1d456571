import { CAPABILITIES } from "../abi/capabilities.ts";
import { inodeOf } from "../abi/ids.ts";
import { NAMESPACE_KINDS } from "../abi/namespace-kinds.ts";
import { kindOfLink, LINKS } from "../abi/proc-links.ts";
import type { Observer } from "../kernel/observer.ts";
import { parseMountinfo } from "../procfs/mountinfo.ts";
import { parseStatus } from "../procfs/status.ts";
import type { Caller, Limit, OwnNamespace, ProcMount, Reading } from "./diagnosis.ts";

const SECCOMP_MODES = ["off", "strict", "filter"] as const;

/** Who the observer is, as its own /proc files say. */
export function examineCaller(observer: Observer): Caller {
  const { pid, uid, gid, capabilities } = observer.who();
  const text = observer.read(`${observer.procRoot}/self/status`);
  const status = text.ok ? parseStatus(text.value) : undefined;
  const own = status?.ok === true ? status.value : undefined;
  return {
    pid,
    uid: uid.effective,
    gid: gid.effective,
    capabilities: capabilities === undefined ? undefined : namesOf(capabilities),
    noNewPrivs: own?.noNewPrivs,
    seccomp: SECCOMP_MODES[own?.seccomp ?? SECCOMP_MODES.length],
    namespaces: ownNamespaces(observer),
  };
}

const namesOf = (set: bigint): string[] => CAPABILITIES.filter((_, bit) => (set >> BigInt(bit)) & 1n);

function ownNamespaces(observer: Observer): OwnNamespace[] {
  return LINKS.flatMap((link) => {
    const look = observer.look(`${observer.procRoot}/self/ns/${link}`);
    if (!look.ok || !look.value.isNamespace) return [];
    const { id } = look.value;
    return [{ link, id, initial: inodeOf(id) === String(NAMESPACE_KINDS[kindOfLink(link)].initialInode) }];
  });
}

/** How the /proc is mounted that the observer reads. */
export function examineProc(observer: Observer): ProcMount {
  const { procRoot: path } = observer;
  const stat = observer.read(`${path}/self/stat`);
  const text = observer.read(`${path}/self/mountinfo`);
  const mounts = text.ok ? parseMountinfo(text.value) : undefined;
  const mount = mounts?.ok === true ? mounts.value.findLast((one) => one.mountPoint === path) : undefined;
  const found = observer.names(path);
  return {
    path,
    found: found.ok && found.value.length > 0,
    hidepid: mount === undefined ? undefined : (/(?:^|,)hidepid=([^,]+)/.exec(mount.superOptions)?.[1] ?? "off"),
    ownPids: stat.ok && stat.value.startsWith(`${observer.who().pid} `),
  };
}

/** What decides how much may be seen or made, by its sysctl or file name, and where it stands. */
const SETTINGS = {
  "kernel.yama.ptrace_scope": "sys/kernel/yama/ptrace_scope",
  "kernel.unprivileged_userns_clone": "sys/kernel/unprivileged_userns_clone",
  "kernel.apparmor_restrict_unprivileged_userns": "sys/kernel/apparmor_restrict_unprivileged_userns",
  "user.max_user_namespaces": "sys/user/max_user_namespaces",
} as const;
const SECURITY_MODULES = "/sys/kernel/security/lsm";

export function examineSettings(observer: Observer): Record<string, Reading> {
  const below = Object.entries(SETTINGS).map(([name, path]) => [name, `${observer.procRoot}/${path}`] as const);
  const paths = [...below, ["security-modules", SECURITY_MODULES], ["label", `${observer.procRoot}/self/attr/current`]];
  return Object.fromEntries(
    paths.map(([name = "", path = ""]) => {
      const text = observer.read(path);
      return [name, text.ok ? { value: text.value.replace(/[\0\n]+$/, "") } : { refused: text.errno }];
    }),
  );
}

const LIMITS = [
  ["nofile", "Max open files"],
  ["nproc", "Max processes"],
] as const;

/** Source: fs/proc/base.c proc_pid_limits. */
export function examineLimits(observer: Observer): Limit[] {
  const text = observer.read(`${observer.procRoot}/self/limits`);
  if (!text.ok) return [];
  return LIMITS.flatMap(([name, label]) => {
    const [, soft, hard] = new RegExp(`^${label} +(\\S+) +(\\S+)`, "m").exec(text.value) ?? [];
    return soft === undefined || hard === undefined ? [] : [{ name, soft, hard }];
  });
}
