/** One command line for unshare and for `nsatlas run`, word for word the same, and what is looked at besides the exit status. */
export interface Row {
  readonly what: string;
  readonly words: readonly string[];
  /** For whom it makes sense; both where it is absent. */
  readonly as?: "root" | "ordinary";
  readonly input?: string;
  /** What came after 2.38, where root needs newuidmap and a killed child is told by exit code 1: compared with a newer one only. */
  readonly newer?: true;
  /** The newer one is unpacked, and started by a script: what a shell changes is compared with the machine's own only. */
  readonly shellLess?: true;
  /** What a process of the caller's own was given before: a shell line that ends in "$@". */
  readonly caller?: string;
  /** Both fail, with words of their own. */
  readonly fails?: true;
}

const sh = (script: string, ...more: string[]): string[] => ["sh", "-c", script, ...more];
/** Kinds by number rather than inode: which links differ from the caller's. */
const CHANGED =
  'for k in cgroup ipc mnt net pid time user uts; do [ "$(readlink /proc/self/ns/$k)" = "$(readlink /proc/$CALLER/ns/$k)" ] || printf "%s " $k; done; echo';

/** dash, which runs all this, would do nothing. */
const CHLD = `exec bash -c "trap '' CHLD; exec \\"\\$@\\"" sh "$@"`;

export const ROWS: readonly Row[] = [
  { what: "exit status of the command", words: sh("exit 7") },
  { what: "no such command: 127", words: ["/nowhere/it"], fails: true },
  { what: "no such command on PATH: 127", words: ["nowhere-it"], fails: true },
  { what: "a file that is no program: 126", words: ["/etc/passwd"], fails: true },
  { what: "a folder as command: 126", words: ["/"], fails: true },
  { what: "unknown option: 1", words: ["--no-such-option", "true"], fails: true },
  { what: "options end at the first operand", words: ["echo", "-r", "--user"] },
  { what: "-- ends the options", words: ["-r", "--", "echo", "-n", "x"] },
  { what: "letters in a bundle, none with a value", words: ["-rmpf", ...sh(CHANGED)] },
  { what: "beginning of a long option", words: ["--map-root", "id", "-u"] },
  { what: "the shell by default, as a login shell", words: ["-r"], input: 'echo "$0"; exit 5\n' },
  { what: "each kind alone", words: ["-u", ...sh(CHANGED)], as: "root" },
  ...["-m", "-i", "-n", "-C", "-T"].map((kind): Row => ({
    what: `kind ${kind}`,
    words: [kind, ...sh(CHANGED)],
    as: "root",
  })),
  {
    what: "pid without a fork: only children",
    words: ["-p", ...sh("echo $$ >/dev/null; sh -c 'echo $$'")],
    as: "root",
  },
  { what: "all kinds", words: ["-muinpUCTf", ...sh(CHANGED)] },
  { what: "other kinds without a user namespace", words: ["-u", "true"], as: "ordinary", fails: true },
  {
    what: "--map-root-user",
    words: ["-r", ...sh("id; cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups")],
  },
  { what: "--map-current-user", words: ["-c", ...sh("id -u; id -g; cat /proc/self/uid_map")] },
  { what: "--map-user and --map-group", words: ["--map-user=5", "--map-group=6", ...sh("id -u; id -g")] },
  { what: "a name for --map-user", words: ["--map-user=daemon", "id", "-u"] },
  { what: "the last of -r and -c counts", words: ["-r", "-c", "id", "-u"] },
  { what: "the last of two --map-user counts", words: ["--map-user=5", "--map-user=9", "id", "-u"] },
  { what: "a user namespace without maps", words: ["-U", ...sh("id -u; cat /proc/self/uid_map")] },
  { what: "--setgroups deny", words: ["-U", "--setgroups", "deny", "cat", "/proc/self/setgroups"] },
  { what: "--setgroups allow with a single group", words: ["-r", "--setgroups=allow", "true"], fails: true },
  {
    what: "--map-users and --map-groups",
    words: ["--map-users=100000,0,1000", "--map-groups=100000,0,1000", "cat", "/proc/self/uid_map"],
    as: "root",
    newer: true,
  },
  {
    what: "--map-users, the inside first",
    words: ["--map-users=0:100000:1000", "--map-groups=0:100000:1000", "cat", "/proc/self/uid_map"],
    as: "root",
    newer: true,
  },
  {
    what: "two ranges",
    words: [
      "--map-users=0:100000:10",
      "--map-users=10:200000:5",
      "--map-groups=0:100000:9",
      "cat",
      "/proc/self/uid_map",
    ],
    as: "root",
    newer: true,
  },
  {
    what: "a hole for the single id",
    words: [
      "--map-users=0:100000:1000",
      "--map-groups=0:100000:1000",
      "--map-user=50",
      "--map-group=60",
      ...sh("cat /proc/self/uid_map /proc/self/gid_map"),
    ],
    as: "root",
    newer: true,
  },
  {
    what: "a hole where the single id is inside's 0",
    words: [
      "--map-users=0:100000:1000",
      "--map-groups=0:100000:1000",
      "-r",
      ...sh("cat /proc/self/uid_map /proc/self/gid_map"),
    ],
    as: "root",
    newer: true,
  },
  {
    what: "--map-users=all",
    words: ["--map-users=all", "--map-groups=all", "cat", "/proc/self/uid_map"],
    as: "root",
    newer: true,
  },
  {
    what: "-S and -G inside ranges",
    words: ["--map-users=100000,0,1000", "--map-groups=100000,0,1000", "-S", "5", "-G", "6", "id"],
    as: "root",
    newer: true,
  },
  { what: "-S of an unmapped id", words: ["-r", "-S", "77", "true"], fails: true },
  { what: "-G after a single map: setgroups is denied", words: ["-r", "-G", "0", "true"], as: "ordinary", fails: true },
  { what: "-S and -G without namespaces", words: ["-S", "12345", "-G", "12345", "id"], as: "root" },
  {
    what: "--owner",
    words: [
      "--owner=12345:12345",
      "--map-users=0:100000:10",
      "--map-groups=0:100000:10",
      ...sh("cat /proc/self/uid_map; id -u"),
    ],
    as: "root",
    newer: true,
  },
  {
    what: "--owner with --map-root-user",
    words: ["--owner=12345:12345", "-r", ...sh("cat /proc/self/uid_map /proc/self/gid_map")],
    as: "root",
    newer: true,
  },
  { what: "--keep-caps", words: ["-c", "--keep-caps", ...sh("grep Cap /proc/self/status")] },
  { what: "capabilities without it", words: ["-c", ...sh("grep Cap /proc/self/status")] },
  { what: "--fork: the command is a child and process 1", words: ["-rpf", ...sh("echo $$ $PPID")] },
  { what: "--fork: exit status", words: ["-rf", ...sh("exit 9")] },
  { what: "--fork: dies by the same signal", words: ["-rf", ...sh("kill -USR1 $$")] },
  { what: "--fork: killed", words: ["-rf", ...sh("kill -KILL $$")], newer: true },
  { what: "without --fork: killed", words: ["-r", ...sh("kill -TERM $$")] },
  {
    what: "--fork: SIGTERM to the one that waits is let lie",
    words: ["-rf", ...sh("kill -TERM $PPID; sleep 0.2; echo on; exit 4")],
  },
  { what: "--fork: SIGINT to it, too", words: ["-rf", ...sh("kill -INT $PPID; sleep 0.2; echo on; exit 4")] },
  { what: "--fork: SIGHUP to it ends it", words: ["-rf", ...sh("kill -HUP $PPID; sleep 0.2")] },
  {
    what: "--forward-signals",
    words: [
      "-r",
      "--forward-signals",
      ...sh(
        'trap "echo got; exit 3" TERM; sleep 0.3; kill -TERM $PPID; for i in 1 2 3 4 5 6 7 8; do sleep 0.1; done; echo none',
      ),
    ],
    newer: true,
  },
  {
    what: "--kill-child: the child goes with its parent",
    words: ["-r", "--kill-child", ...sh("kill -KILL $PPID; sleep 5; echo still here")],
  },
  {
    what: "--kill-child=SIGTERM",
    words: [
      "-r",
      "--kill-child=SIGTERM",
      ...sh('trap "echo told; exit 0" TERM; kill -KILL $PPID; sleep 0.5; echo none'),
    ],
  },
  { what: "--kill-child with an unknown signal", words: ["--kill-child=NONE", "true"], fails: true },
  {
    what: "--mount-proc",
    words: ["-rpf", "--mount-proc", ...sh("ps -e -o pid= | head -1; echo /proc/[0-9]*")],
  },
  { what: "--mount-proc in a folder that is none", words: ["-rpf", "--mount-proc=/nowhere", "true"], fails: true },
  {
    what: "mounts are private by default",
    words: ["-m", ...sh("grep -c shared: /proc/self/mountinfo; true")],
    as: "root",
  },
  ...["slave", "shared", "private", "unchanged"].map((way): Row => ({
    what: `--propagation ${way}`,
    words: [
      "-m",
      "--propagation",
      way,
      ...sh("grep -c ' shared:' /proc/self/mountinfo; grep -c ' master:' /proc/self/mountinfo; true"),
    ],
    as: "root",
  })),
  { what: "unknown propagation", words: ["-m", "--propagation", "none", "true"], fails: true },
  { what: "--wd", words: ["-r", "--wd=/usr", "pwd"] },
  { what: "--wd that is not there", words: ["-r", "--wd=/nowhere", "true"], fails: true },
  { what: "--root", words: ["-r", "--root=/usr", "/bin/sh", "-c", "pwd; echo b*"] },
  { what: "--root and --wd", words: ["-r", "--root=/", "--wd=/usr/lib", "pwd"] },
  {
    what: "--monotonic and --boottime",
    words: ["-T", "-r", "--monotonic", "1000", "--boottime=2000", ...sh("cat /proc/self/timens_offsets")],
  },
  { what: "an offset below 0", words: ["-T", "-r", "--boottime=-10", "cat", "/proc/self/timens_offsets"] },
  { what: "an offset without --time", words: ["--boottime=10", "true"], fails: true },
  { what: "an offset that no clock can have", words: ["-T", "-r", "--monotonic=-99999999999", "true"], fails: true },
  { what: "a file that is not there for --uts", words: ["--uts=/nowhere/it", "true"], fails: true },
  { what: "standard input", words: ["-r", "cat"], input: "one\ntwo\n" },
  { what: "standard input across --fork", words: ["-rf", "cat"], input: "one\ntwo\n" },
  { what: "environment", words: ["-r", "env", "-u", "CALLER"] },
  {
    what: "environment without PWD",
    words: ["-r", "env"],
    shellLess: true,
    caller: 'exec env -i A=1 PATH="$PATH" "$@"',
  },
  {
    what: "no environment at all",
    words: ["-r", "/usr/bin/env"],
    shellLess: true,
    caller: 'env -i "$@"; echo "status $?"',
  },
  {
    what: "a PWD that is wrong",
    words: ["-r", "env"],
    shellLess: true,
    caller: 'exec env -i PWD=/usr PATH="$PATH" "$@"',
  },
  {
    what: "variables that no shell takes",
    words: ["-r", "env"],
    shellLess: true,
    caller: `exec env -i 'BASH_FUNC_f%%=() {  :
}' B.C=2 OLDPWD= =3 PATH="$PATH" "$@"`,
  },
  { what: "working directory", words: ["-r", "pwd"] },
  {
    what: "arguments that are not UTF-8",
    words: ["-r", ...sh('printf "%s" "$1" | od -An -tx1', "sh", "\udcff\udcfe")],
  },
  {
    what: "ignored signals",
    words: ["-r", "grep", "SigIgn", "/proc/self/status"],
    caller: "trap '' HUP INT QUIT TERM; exec \"$@\"",
  },
  {
    what: "ignored signals across --fork",
    words: ["-rf", "grep", "SigIgn", "/proc/self/status"],
    caller: "trap '' HUP USR1 PIPE; exec \"$@\"",
  },
  { what: "SIGCHLD that the caller ignores", words: ["-r", "grep", "SigIgn", "/proc/self/status"], caller: CHLD },
  {
    what: "SIGCHLD that the caller ignores, across --fork",
    words: ["-rf", "grep", "SigIgn", "/proc/self/status"],
    caller: CHLD,
  },
  { what: "signals that do their default", words: ["-r", "grep", "-E", "Sig(Ign|Blk|Cgt)", "/proc/self/status"] },
  {
    what: "soft limit of open files",
    words: ["-r", ...sh("ulimit -Sn; ulimit -Hn")],
    caller: 'ulimit -Sn 321; exec "$@"',
  },
  {
    what: "limit of the core, of the stack",
    words: ["-r", ...sh("ulimit -c; ulimit -s")],
    caller: 'ulimit -Sc 0; ulimit -Ss 4096; exec "$@"',
  },
  { what: "umask", words: ["-r", ...sh("umask")], caller: 'umask 027; exec "$@"' },
  { what: "nice value", words: ["-r", "nice"], caller: 'exec nice -n 5 "$@"' },
  {
    what: "closed standard input",
    words: ["-r", ...sh("[ -e /proc/$$/fd/0 ] && echo open || echo closed")],
    caller: 'exec "$@" <&-',
  },
  {
    what: "process group and session",
    words: ["-r", ...sh("[ $(ps -o pgid= -p $$) = $(ps -o pgid= -p $CALLER) ] && echo same")],
    caller: 'CALLER=$$ "$@"',
  },
];
