import { safeText } from "../../messages/safe-text.ts";
import type { LinkOrder } from "../../netlink/orders.ts";
import type { Deed, NetworkDeed } from "./step.ts";

/** The call that a deed is, as its man page has it; of several the one that can be refused for a reason of its own. */
export function callOf(deed: Deed): string {
  switch (deed.do) {
    case "fork":
      return deed.numbers === undefined ? "clone3" : `clone3 [${deed.numbers.join(" ")}]`;
    case "unshare":
      return `unshare ${deed.kinds.join(" ")}`;
    case "keep":
      return `open /proc/self/ns/${deed.link}`;
    case "keep-unborn":
      return "ioctl PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE";
    case "open":
      return `open ${deed.as}`;
    case "setns":
      return `setns ${deed.namespace}`;
    case "map":
      return deed.through ?? `write ${deed.file}`;
    case "offsets":
      return "write timens_offsets";
    case "limit":
      return `write ${deed.name}`;
    case "credentials":
      return deed.call.op === "drop-bounding" ? `prctl PR_CAPBSET_DROP ${deed.call.capability}` : CALLS[deed.call.op];
    case "exit":
      return "exit_group";
    case "wait":
      return "wait4";
    case "hostname":
      return "sethostname";
    case "domainname":
      return "setdomainname";
    case "sysctl":
      return `write ${deed.name}`;
    case "own-mounts":
      return "mount MS_PRIVATE";
    case "comm":
      return "prctl PR_SET_NAME";
    case "session":
      return "setsid";
    case "group":
      return "setpgid";
    case "adopt":
      return "prctl PR_SET_CHILD_SUBREAPER";
    case "cgroup":
      return `write ${deed.path}/cgroup.procs`;
    case "pin":
      return "mount MS_BIND";
    case "network":
      return deed.make === "link" || deed.make === "veth"
        ? `${NETLINK[deed.make]} ${kindOfDevice(deed)} ${safeText(deed.link.name)}`
        : NETLINK[deed.make];
    case "rest":
      return "close_range";
  }
}

/** The kernel's word for the sort of a device that is made. */
export const kindOfDevice = (deed: Extract<NetworkDeed, { make: "link" | "veth" }>): LinkOrder["kind"] =>
  deed.make === "veth" ? "veth" : deed.link.kind;

/** Messages to the kernel by a socket of family AF_NETLINK. */
const NETLINK = {
  netnsid: "RTM_NEWNSID",
  link: "RTM_NEWLINK",
  veth: "RTM_NEWLINK",
  change: "RTM_NEWLINK",
  address: "RTM_NEWADDR",
  route: "RTM_NEWROUTE",
} as const satisfies Record<Extract<Deed, { do: "network" }>["make"], string>;

const CALLS = {
  capget: "capget",
  capset: "capset",
  ambient: "prctl PR_CAP_AMBIENT",
  "clear-ambient": "prctl PR_CAP_AMBIENT",
  "set-keep-caps": "prctl PR_SET_KEEPCAPS",
  "set-securebits": "prctl PR_SET_SECUREBITS",
  "set-no-new-privs": "prctl PR_SET_NO_NEW_PRIVS",
  "set-dumpable": "prctl PR_SET_DUMPABLE",
  setresuid: "setresuid",
  setresgid: "setresgid",
  setfsuid: "setfsuid",
  setfsgid: "setfsgid",
  setgroups: "setgroups",
  getresuid: "getresuid",
  getresgid: "getresgid",
  getgroups: "getgroups",
} as const satisfies Record<Exclude<Extract<Deed, { do: "credentials" }>["call"]["op"], "drop-bounding">, string>;
