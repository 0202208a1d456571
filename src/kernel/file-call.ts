import type { NsfsIoctl, PidfdIoctl } from "../abi/ioctls.ts";
import type { ProcLink } from "../abi/proc-links.ts";
import type { FileHandle } from "../rules/file-handle.ts";
import type { TaskName } from "./task-name.ts";

/** Flags of open(2) beyond O_RDONLY and O_CLOEXEC. By name: some have other numbers on arm64. */
export type OpenFlag = "O_WRONLY" | "O_RDWR" | "O_TRUNC" | "O_NOFOLLOW" | "O_DIRECTORY" | "O_PATH";

/** The ioctls that namespace files, sockets and others answer; a number is a request as it is. */
export type IoctlRequest = NsfsIoctl | "SIOCGSKNS" | number;
/**
 * What an ioctl is passed: room for its answer unless said otherwise, or the pid that it takes: a number, or a task's
 * number as another task sees it.
 */
export type IoctlArgument =
  | number
  | "null"
  | "bad-address"
  | { readonly numberOf: TaskName; readonly seenBy: TaskName };

/** What open(2) and socket(2) give that is no namespace; of a pair and a pipe one end is kept. */
export type OtherFile = "null" | "directory" | "process-directory" | "pipe" | "socket" | "inet-socket" | "socket-pair";

/** What stands for a place in a file system in open_by_handle_at(2), where it is no descriptor. */
export type HandleRoot = "FD_NSFS_ROOT" | "FD_PIDFS_ROOT" | "AT_FDCWD";

/** The calls on files and descriptors. */
export type FileCall =
  /** openat(2) of /proc/PID/ns/LINK, O_RDONLY | O_CLOEXEC; `of` may be the caller itself. Gives a descriptor. */
  | { readonly op: "open"; readonly of: TaskName; readonly link: ProcLink; readonly flags?: readonly OpenFlag[] }
  /** readlinkat(2), stat(2) and lstat(2) of the same. */
  | { readonly op: "readlink" | "stat" | "lstat"; readonly of: TaskName; readonly link: ProcLink }
  /** openat(2) of /proc/PID/fd/FD, O_RDONLY | O_CLOEXEC. */
  | { readonly op: "reopen"; readonly of: TaskName; readonly fd: number }
  /** openat(2) of the folder /proc/PID/ns, O_DIRECTORY. */
  | { readonly op: "open-folder"; readonly of: TaskName }
  /** openat(2) of a path over which a namespace file is mounted. */
  | { readonly op: "open-path"; readonly path: string }
  | { readonly op: "close"; readonly fd: number }
  /** fstat(2): the namespace behind a descriptor. */
  | { readonly op: "fstat"; readonly fd: number }
  /** ioctl(2) on a namespace file, or on what is none. */
  | { readonly op: "ioctl"; readonly fd: number; readonly request: IoctlRequest; readonly argument?: IoctlArgument }
  /** fcntl(2). */
  | { readonly op: "fcntl"; readonly fd: number; readonly command: "F_GETFD" | "F_GETFL" }
  /** pidfd_open(2). `number`: a pid as it is, where `of` names no task. */
  | { readonly op: "pidfd_open"; readonly of: TaskName | { readonly number: number }; readonly flags: number }
  /** ioctl(2) on a pidfd: one of the process's namespaces, or with PIDFD_GET_INFO its number. */
  | {
      readonly op: "pidfd-ioctl";
      readonly fd: number;
      readonly request: PidfdIoctl | number;
      readonly argument?: number;
    }
  /** pidfd_getfd(2): a descriptor of the process's open file `of`. Since Linux 5.6. */
  | { readonly op: "pidfd_getfd"; readonly fd: number; readonly target: number; readonly flags?: number }
  /** dup(2). */
  | { readonly op: "dup"; readonly fd: number }
  /** sendmsg(2) with SCM_RIGHTS, and recvmsg(2) by the other task. Gives the descriptor that the other one has then. */
  | { readonly op: "send"; readonly fd: number; readonly to: TaskName }
  /** open(2) or socket(2) of something that is no namespace. */
  | { readonly op: "open-other"; readonly what: OtherFile }
  /** getsockopt(2), SOL_SOCKET. `bytes`: the room for the answer, where it is not what the option takes. */
  | {
      readonly op: "getsockopt";
      readonly fd: number;
      readonly option: "SO_PEERPIDFD" | "SO_NETNS_COOKIE";
      readonly bytes?: number;
    }
  /** name_to_handle_at(2) of an open file (AT_EMPTY_PATH); `bytes`: the room for the handle. */
  | { readonly op: "name_to_handle_at"; readonly fd: number; readonly bytes?: number }
  /** The same of /proc/PID/ns/LINK; without `follow` (AT_SYMLINK_FOLLOW) of the link itself. */
  | { readonly op: "link_to_handle_at"; readonly of: TaskName; readonly link: ProcLink; readonly follow: boolean }
  /** open_by_handle_at(2), O_RDONLY. */
  | {
      readonly op: "open_by_handle_at";
      readonly mount: HandleRoot | number;
      readonly handle: FileHandle;
      readonly flags?: readonly OpenFlag[];
    }
  /** mount(2) of a namespace file over a path, MS_BIND; on the running kernel the file is made where it is missing. */
  | { readonly op: "bind"; readonly fd: number; readonly path: string }
  /** umount2(2), MNT_DETACH unless it is to wait for open files. */
  | { readonly op: "unbind"; readonly path: string; readonly detach?: boolean };
