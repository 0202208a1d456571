import { flag, many, optional, single } from "../options.ts";
import { duration } from "../duration.ts";
import { anyText, path } from "../values.ts";
import {
  descriptorNumber,
  fileOrId,
  folder,
  groupList,
  idOrName,
  targetProcess,
  type FolderSource,
  type KindSource,
} from "./readers.ts";

/** What an option means that is given without a value. */
const FROM_TARGET = { from: "target" } as const;
const kindOption = (short: string, name: string) =>
  optional<KindSource>(
    "FILE|:ID",
    fileOrId,
    FROM_TARGET,
    `the ${name} namespace of the target, of FILE, or with that 64-bit id`,
    {
      short,
    },
  );

/** The options of nsenter(1), util-linux 2.42, and those of our own behind them. */
export const ENTER_OPTIONS = {
  target: single("PID[:INODE]", targetProcess, "the process whose namespaces are entered; INODE is its pidfd's", {
    short: "t",
  }),
  all: flag("all namespaces of the target; user where it differs from yours", { short: "a" }),
  mount: kindOption("m", "mount"),
  uts: kindOption("u", "UTS"),
  ipc: kindOption("i", "IPC"),
  net: kindOption("n", "network"),
  "net-socket": single("FD", descriptorNumber, "the network namespace of the target's socket FD", { short: "N" }),
  pid: kindOption("p", "pid"),
  cgroup: kindOption("C", "cgroup"),
  user: kindOption("U", "user"),
  "user-parent": flag("the user namespace that owns the user namespace chosen, or the target's"),
  time: kindOption("T", "time"),
  ns: many("REF", anyText, "the namespace that REF names, of whatever kind it is"),
  setuid: single("UID", idOrName, "this uid inside: a number, a name of your passwd, or follow (the target's)", {
    short: "S",
  }),
  setgid: single("GID", idOrName, "this gid inside, and no supplementary groups; likewise", { short: "G" }),
  groups: single("LIST", groupList, "these supplementary groups inside; follow (the target's), keep, none"),
  "preserve-credentials": flag("leave uid, gid and groups as they are"),
  "keep-caps": flag("keep the capabilities that a user namespace gives across the exec and another uid"),
  "no-new-privs": flag("the command and its children can gain no privileges"),
  root: optional<FolderSource>(
    "DIR",
    folder,
    FROM_TARGET,
    "change the root to the target's, or to DIR, opened before entering",
    {
      short: "r",
    },
  ),
  wd: optional<FolderSource>(
    "DIR",
    folder,
    FROM_TARGET,
    "start in the target's working directory, or in DIR, opened before",
    {
      short: "w",
    },
  ),
  wdns: optional<FolderSource>("DIR", folder, FROM_TARGET, "start in DIR as it is found inside", { short: "W" }),
  env: flag("the environment of the target", { short: "e" }),
  "no-fork": flag("do not fork for a pid namespace", { short: "F" }),
  "join-cgroup": flag("join the control group of the target (version 2)", { short: "c" }),
  "follow-context": flag("refused: SELinux contexts are not set", { short: "Z" }),
  "mount-proc": optional(
    "DIR",
    path,
    "/proc",
    "mount a proc of the pid namespace at DIR (/proc), in a mount namespace of the command's own",
  ),
  "keep-fd": many("FD", descriptorNumber, "leave this descriptor open for the command; 0, 1 and 2 always are"),
  timeout: single(
    "T",
    duration,
    "end the command after T (10s, 5m): SIGTERM, 5 seconds later SIGKILL; exit status 124",
  ),
  "all-matching": single("EXPR", anyText, "run once in each namespace that EXPR keeps (see help list, Filters)"),
  "dry-run": flag("say step by step what would be done and what would come of it, and do nothing"),
};
