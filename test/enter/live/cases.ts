/** One command line for both programs. */
export interface Case {
  readonly what: string;
  /** TARGET stands for the holder's pid. */
  readonly words: readonly string[];
  readonly input?: string;
  /** 2.38 has it not, or otherwise: compared with 2.42 alone. */
  readonly newer?: true;
  /** What stands before the program, and gives it something odd. */
  readonly before?: readonly string[];
  /** In a test of its own. */
  readonly elsewhere?: true;
  /** Variables that the caller has not. */
  readonly unset?: readonly string[];
  /** 2.42 is started by a script: what a shell changes is compared with 2.38 alone. */
  readonly shellLess?: true;
  /** The two differ on purpose: why. */
  readonly differs?: string;
}

/** Everything that a program can tell of where it is and what it was given. */
const PROBE = [
  "for kind in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$kind; done",
  "id; pwd; umask; ulimit -Sn; ulimit -Hn; echo $0 $*",
  "grep -E '^(Groups|Cap|NoNewPrivs|SigBlk|SigIgn|SigCgt)' /proc/self/status",
  "env | grep -v ^_= | sort",
].join("\n");
const probe = (...words: readonly string[]): readonly string[] => [
  ...words,
  "--",
  "/bin/sh",
  "-c",
  PROBE,
  "name",
  "a b",
];
const T = ["-t", "TARGET"];

/** What is asked of a namespace, of ids, of folders, of the environment. */
export const CASES: readonly Case[] = [
  ...["-m", "-u", "-i", "-n", "-C", "-T", "-U"].map((kind) => ({
    what: `one kind of the target: ${kind}`,
    words: probe(...T, "-U", ...(kind === "-U" ? [] : [kind])),
  })),
  { what: "-p: a child is in the pid namespace", words: probe(...T, "-U", "-p") },
  { what: "-p -F: no child", words: probe(...T, "-U", "-p", "-F") },
  { what: "-a", words: probe(...T, "-a") },
  { what: "letters behind -U are its FILE: 1", words: probe(...T, "-Umuin") },
  {
    what: "long names",
    words: probe("--target", "TARGET", "--user", "--mount", "--uts", "--ipc", "--net", "--cgroup"),
  },
  { what: "long names cut short", words: probe("--targ", "TARGET", "-U", "--ut", "--ip") },
  { what: "a name cut too short: 1", words: probe("--target", "TARGET", "--us", "--net"), newer: true },
  { what: "--net=FILE", words: probe(...T, "-U", "--net=/proc/TARGET/ns/net") },
  { what: "-n/FILE", words: probe(...T, "-U", "-n/proc/TARGET/ns/net") },
  { what: "-n=FILE", words: probe(...T, "-U", "-n=/proc/TARGET/ns/net"), newer: true },
  { what: "files alone, without a target", words: probe("-U/proc/TARGET/ns/user", "-u/proc/TARGET/ns/uts") },
  { what: "-a with a file for one kind", words: probe(...T, "-a", "--uts=/proc/TARGET/ns/uts") },
  { what: "-S -G", words: probe(...T, "-U", "-S", "0", "-G", "0") },
  { what: "-S of an id without a number there", words: probe(...T, "-U", "-S", "4242") },
  { what: "--preserve-credentials", words: probe(...T, "-U", "-n", "--preserve-credentials") },
  { what: "-r", words: probe(...T, "-U", "-m", "-r") },
  { what: "-r=DIR", words: probe(...T, "-U", "-m", "--root=/") },
  { what: "-w", words: probe(...T, "-U", "-w") },
  { what: "--wd=DIR", words: probe(...T, "-U", "-m", "--wd=/usr") },
  { what: "-wDIR", words: probe(...T, "-U", "-w/usr") },
  { what: "-r and -w", words: probe(...T, "-U", "-m", "-r", "-w") },
  { what: "--wdns=DIR", words: probe(...T, "-U", "-m", "--wdns=/usr/bin") },
  { what: "--wdns=DIR that is not there", words: probe(...T, "-U", "-m", "--wdns=/not/there") },
  { what: "-e", words: probe(...T, "-U", "-e"), newer: true },
  { what: "-S follow, -G follow", words: probe(...T, "-U", "-S", "follow", "-G", "follow"), newer: true },
  { what: "--keep-caps", words: probe(...T, "-U", "-n", "--keep-caps"), newer: true },
  { what: "--user-parent, which is the own: 1", words: probe(...T, "--user-parent"), newer: true },
  { what: "standard input reaches the command", words: [...T, "-U", "cat"], input: "one\ntwo\n" },
  { what: "the shell, without a command", words: [...T, "-U", "-n"], input: "readlink /proc/self/ns/net; exit 9\n" },
  { what: "options end at the first operand", words: [...T, "-U", "echo", "-n", "--net"] },
  { what: "exit code", words: [...T, "-U", "sh", "-c", "exit 42"] },
  { what: "exit code through the fork", words: [...T, "-U", "-p", "sh", "-c", "exit 42"] },
  { what: "death by a signal", words: [...T, "-U", "sh", "-c", "kill -TERM $$"] },
  { what: "death by a signal through the fork", words: [...T, "-U", "-p", "sh", "-c", "kill -KILL $$"] },
  ...["-n", "-p"].map((kind) => ({
    what: `SIGCHLD that the caller ignores, ${kind}`,
    words: probe(...T, "-U", kind),
    before: ["env", "--ignore-signal=CHLD"],
    newer: true as const,
  })),
  {
    what: "other signals that the caller ignores",
    words: probe(...T, "-U", "-p"),
    before: ["env", "--ignore-signal=USR1,HUP,RTMIN"],
  },
  {
    what: "signals that the caller blocks",
    words: probe(...T, "-U", "-n"),
    before: ["env", "--block-signal=USR2,TERM"],
  },
  {
    what: "soft and hard limit of open files",
    words: probe(...T, "-U", "-n"),
    before: ["prlimit", "--nofile=123:4567"],
  },
  {
    what: "umask, nice value",
    words: [...T, "-U", "-p", "sh", "-c", "umask; nice"],
    before: ["sh", "-c", 'umask 027; exec nice -n 5 "$@"', "sh"],
  },
  {
    what: "closed standard input",
    words: [...T, "-U", "-n", "sh", "-c", "test -e /proc/self/fd/0 || echo closed"],
    before: ["sh", "-c", 'exec "$@" <&-', "sh"],
  },
  {
    what: "an environment that no shell takes",
    words: [...T, "-U", "-n", "env"],
    before: ["env", "-i", "a name=1", "BASH_FUNC_f%%=() { :; }", `PATH=${process.env["PATH"] ?? ""}`],
    shellLess: true,
  },
  { what: "no such command: 127", words: [...T, "-U", "no-such-command-here"] },
  { what: "a command that cannot be run: 126", words: [...T, "-U", "/etc/passwd"] },
  { what: "a folder as command: 126", words: [...T, "-U", "/etc"] },
  { what: "an unknown option: 1", words: [...T, "-U", "--frobnicate", "true"] },
  { what: "an option without its value: 1", words: ["-t"] },
  { what: "no namespace: 1", words: [...T, "true"], newer: true },
  { what: "no target: 1", words: ["-n", "true"] },
  {
    what: "-t twice: 1",
    words: [...T, ...T, "-n", "true"],
    differs: "up to 2.42 nsenter takes the last; later ones refuse it, too",
  },
  { what: "a process that is not there: 1", words: ["-t", "4194303", "-n", "true"] },
  { what: "a file that is not there: 1", words: ["-n/not/there", "true"] },
  { what: "a file of another kind: 1", words: ["-n/proc/TARGET/ns/uts", "true"] },
  { what: "a file that is no namespace: 1", words: ["-n/etc/passwd", "true"] },
  { what: "-w and -W: 1", words: [...T, "-U", "-w", "-W/usr", "true"] },
  {
    what: "-c where version 1 has hierarchies, too",
    words: [],
    elsewhere: true,
    differs:
      "nsenter joins what the first line of /proc/PID/cgroup says, enter what version 2's says (`cgroup.test.ts`)",
  },
  {
    what: "--keep-caps with -U alone",
    words: probe(...T, "-U", "--keep-caps"),
    newer: true,
    differs: "nsenter forgets --keep-caps where the user namespace is the only one",
  },
  {
    what: "--keep-caps with another uid",
    words: probe(...T, "-U", "-n", "--keep-caps", "-S", "5"),
    newer: true,
    differs: "nsenter's are gone with the change of uid; enter keeps what it was asked to keep",
  },
  {
    what: "the shell, where $SHELL is not set",
    words: [...T, "-U"],
    unset: ["SHELL"],
    input: 'echo "$0"\n',
    differs: "2.42 looks for the user's in the passwd inside; enter reads no file inside, and takes /bin/sh, as 2.38",
  },
  {
    what: "a FIFO as FILE",
    words: ["-nFIFO", "true"],
    differs: "nsenter waits for a writer for ever; enter says what it is: 1",
  },
];
