import { NSFS_IOCTL_NAMES, PIDFD_IOCTL_NAMES } from "../../src/abi/ioctls.ts";

/** These find no process by their own number, so ESRCH of them has a case. */
const OF_A_NUMBER = /^NS_GET_(?:PID|TGID)_/;
/** That of namespace files, sockets and whatever there is not, on a pidfd. */
const ASKED_OF_WHOM = "Another kernel: before 6.13 any ioctl of a pidfd asked first who it is about";

/**
 * Refusals that the sources have for a call and no case comes to, and why. Apart from them any call may find no memory:
 * ENOMEM and ENOSPC then, which the laws of the model go through one allocation after the other.
 */
export const UNREACHED: readonly { readonly call: string; readonly errnos: readonly string[]; readonly why: string }[] =
  [
    {
      call: "setns",
      errnos: ["EACCES"],
      why: "The rule that a process may not be read is that of /proc, with its errno; setns says EPERM in its place.",
    },
    {
      call: "lstat",
      errnos: ["EACCES"],
      why: "It looks at the link itself, which everybody may; readlink and stat, which share its code, follow it.",
    },
    {
      call: "open",
      errnos: ["EISDIR"],
      why: "Another kernel: of 5.10.262 a link that may not be followed leads to its folder (test/kernel/model/patched-series.test.ts).",
    },
    { call: "bind", errnos: ["EBADF"], why: "The descriptor is bound by its name under /proc: ENOENT in its place." },
    { call: "legacy-clone", errnos: ["EBADF", "EEXIST"], why: "Only clone3 can ask for a cgroup, or for a number." },
    {
      call: "link_to_handle_at",
      errnos: ["EOVERFLOW"],
      why: "The port's call always has room enough; name_to_handle_at, which shares its code, can have less.",
    },
    ...["NS_GET_USERNS", "NS_GET_NSTYPE", "NS_GET_ID"].map((call) => ({
      call,
      errnos: ["EINVAL"],
      why: "It is for every kind of namespace, so none is the wrong one; the check is that of all ioctls.",
    })),
    ...["NS_GET_USERNS", "NS_GET_PARENT"].map((call) => ({
      call,
      errnos: ["ENOENT"],
      why: "Another kernel: what the first version of the patches said of initial namespaces (test/rules/kernel-changes.test.ts).",
    })),
    {
      call: "ioctl of an unknown request",
      errnos: ["EINVAL"],
      why: "Another kernel: a struct announced too small was EINVAL before 6.18 (test/kernel/model/file-releases.test.ts).",
    },
    ...NSFS_IOCTL_NAMES.map((call) => ({
      call,
      errnos: OF_A_NUMBER.test(call) ? ["EACCES"] : ["ESRCH", "EACCES"],
      why: `${ASKED_OF_WHOM} (test/kernel/model/file-releases.test.ts).`,
    })),
    { call: "SIOCGSKNS", errnos: ["EINVAL", "ESRCH", "EACCES"], why: `${ASKED_OF_WHOM}, and what it is passed.` },
    { call: "ioctl of an unknown request", errnos: ["ESRCH", "EACCES"], why: `${ASKED_OF_WHOM}.` },
    ...PIDFD_IOCTL_NAMES.filter((call) => call !== "PIDFD_GET_INFO").map((call) => ({
      call,
      errnos: ["EREMOTE"],
      why: "Only PIDFD_GET_INFO tells whose view the process is outside of; the code before that is that of all requests.",
    })),
    {
      call: "PIDFD_GET_INFO",
      errnos: ["EACCES"],
      why: `${ASKED_OF_WHOM}; since then this one asks nothing of the caller.`,
    },
    {
      call: "pidfd-ioctl of an unknown request",
      errnos: ["EACCES", "EINVAL", "ESRCH", "EREMOTE"],
      why: "An unknown request is ENOTTY before the process is looked at; the code after that is that of all requests.",
    },
    {
      call: "listns",
      errnos: ["E2BIG", "EFAULT", "EINVAL", "ENOENT", "EOPNOTSUPP", "EOVERFLOW", "EPERM"],
      why: "Another kernel: here the call is ENOSYS; it came with 6.19.",
    },
    {
      call: "pidfd_getfd",
      errnos: ["EACCES"],
      why: "The rule that a process may not be read is that of /proc, with its errno; pidfd_getfd says EPERM in its place.",
    },
    { call: "pidfd_getfd", errnos: ["ENOSYS"], why: "Another kernel: the call came with 5.6." },
    {
      call: "PIDFD_GET_INFO",
      errnos: ["EINVAL"],
      why: "Another kernel: before 6.13 the ioctls of pidfds looked at their argument first, of which they have none.",
    },
    {
      call: "getsockopt",
      errnos: ["ENOPROTOOPT"],
      why: "Another kernel: both options are there since 6.5 (test/kernel/model/file-releases.test.ts).",
    },
  ];
