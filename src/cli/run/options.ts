import { duration } from "../duration.ts";
import { descriptorNumber } from "../enter/readers.ts";
import { flag, many, optional, single } from "../options.ts";
import { anyText, oneOf, path } from "../values.ts";
import { clockOffset, idOrName, idRange, ownerIds, signal } from "./readers.ts";

const LAST = { lastCounts: true } as const;
const BARE = { ...LAST, bareLetter: true } as const;

/** A kind is made where its option is there; with FILE it is bound there, so that it outlives its processes. */
const kindOption = (short: string, name: string) =>
  optional("FILE", path, "", `a new ${name} namespace; with FILE also bound there, to last`, { short, ...BARE });

/** The options of unshare(1), util-linux 2.42, and those of our own behind them. Given twice, the last counts, as there. */
export const RUN_OPTIONS = {
  mount: kindOption("m", "mount"),
  uts: kindOption("u", "UTS"),
  ipc: kindOption("i", "IPC"),
  net: kindOption("n", "network"),
  pid: optional("FILE", path, "", "a new pid namespace, which the command's children are in, or with --fork itself", {
    short: "p",
    ...BARE,
  }),
  user: kindOption("U", "user"),
  cgroup: kindOption("C", "cgroup"),
  time: kindOption("T", "time"),
  "mount-proc": optional("DIR", path, "/proc", "mount a proc at DIR (/proc); implies --mount", LAST),
  "mount-binfmt": optional("DIR", path, "", "mount binfmt_misc at DIR; implies --user and --mount", LAST),
  "load-interp": single("DEF", anyText, "refused: binfmt_misc definitions are not loaded", { short: "l", ...LAST }),
  propagation: single(
    "WAY",
    oneOf(["slave", "shared", "private", "unchanged"]),
    "what mounts pass on to and take from others: slave, shared, private (as it is without), unchanged",
    LAST,
  ),
  root: single("DIR", path, "run the command with DIR as its root", { short: "R", ...LAST }),
  wd: single("DIR", path, "start in DIR", { short: "w", ...LAST }),
  setuid: single("UID", idOrName, "this uid inside, a number or a name of your passwd", { short: "S", ...LAST }),
  setgid: single("GID", idOrName, "this gid inside, and no supplementary groups; likewise", { short: "G", ...LAST }),
  "map-user": single("UID", idOrName, "you are this user inside; implies --user", LAST),
  "map-group": single("GID", idOrName, "your group is this one inside; implies --user", LAST),
  "map-root-user": flag("you are root inside; implies --user", { short: "r" }),
  "map-current-user": flag("you are who you are inside; implies --user", { short: "c" }),
  "map-auto": flag("the ids that /etc/subuid and /etc/subgid give you, from 0 on; implies --user"),
  "map-subids": flag("the same, with the numbers that they have outside; implies --user"),
  "map-users": many("RANGE", idRange, "ids as INSIDE:OUTSIDE:COUNT, auto, subids, or all that you see; implies --user"),
  "map-groups": many("RANGE", idRange, "the same for groups"),
  owner: single("UID:GID", ownerIds, "who shall own the new user namespace; implies --user", LAST),
  fork: flag("run the command in a child, and wait for it", { short: "f" }),
  "kill-child": optional("SIG", signal, 9, "the child gets SIG (KILL) when nsatlas ends; implies --fork", LAST),
  "forward-signals": flag("pass SIGTERM and SIGINT on to the child; implies --fork"),
  setgroups: single("WHETHER", oneOf(["allow", "deny"]), "allow or deny setgroups(2) inside", LAST),
  "keep-caps": flag("keep the capabilities of a new user namespace across the exec and another uid"),
  monotonic: single("SECONDS", clockOffset, "move CLOCK_MONOTONIC of the new time namespace by so much", LAST),
  boottime: single("SECONDS", clockOffset, "move CLOCK_BOOTTIME likewise", LAST),
  "no-new-privs": flag("the command and its children can gain no privileges"),
  "keep-fd": many("FD", descriptorNumber, "leave this descriptor open for the command; 0, 1 and 2 always are"),
  timeout: single(
    "T",
    duration,
    "end the command after T (10s, 5m): SIGTERM, 5 seconds later SIGKILL; exit status 124; implies --fork",
  ),
  "dry-run": flag("say step by step what would be done and what would come of it, and do nothing"),
};
