import { readlinkSync } from "node:fs";
import { KINDS, type NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import type { Check, Part } from "./part.ts";
import { nsatlas, ORDINARY, type Ran, runStaying } from "./program.ts";

const OPTION: Readonly<Record<NamespaceKind, string>> = {
  user: "-r",
  mnt: "-m",
  uts: "-u",
  ipc: "-i",
  net: "-n",
  pid: "-p",
  cgroup: "-C",
  time: "-T",
};

/** The commands as their user has them, on a process that `run` put into a namespace of each kind. */
export const product: Part = {
  name: "product",
  seconds: 38,
  async *run() {
    const box = await runStaying(Object.values(OPTION));
    const links = linksOf(box.pid);
    try {
      yield* seen(box.pid, links);
      yield* asked(box.pid, links);
      yield* entered(box.pid, links);
    } finally {
      await box.end();
    }
    yield* started();
  },
};

const check = (says: Ran, id: string, status: number, stdout: string | RegExp): Check => ({
  id: `product: ${id}`,
  says: shown(says, stdout),
  should: `${status} ${typeof stdout === "string" ? stdout : String(stdout)}`,
});

/** Exit code and output; of an output that is as it should be, what it was to match. */
function shown({ status, stdout, stderr }: Ran, wanted: string | RegExp): string {
  const said = stdout.trim();
  const isFitting = typeof wanted === "string" ? said === wanted : wanted.test(said);
  return `${status} ${isFitting ? String(wanted) : [said, stderr.trim()].filter(Boolean).join("; ")}`;
}

type Links = Readonly<Record<NamespaceKind, string>>;
const linksOf = (pid: number | "self"): Links => {
  const link = (kind: NamespaceKind): string => readlinkSync(`/proc/${pid}/ns/${kind}`);
  return {
    user: link("user"),
    mnt: link("mnt"),
    uts: link("uts"),
    ipc: link("ipc"),
    net: link("net"),
    pid: link("pid"),
    cgroup: link("cgroup"),
    time: link("time"),
  };
};
const inodeOf = (link: string): string => /\d+/.exec(link)?.[0] ?? "";
const words = (...parts: readonly string[]): RegExp =>
  new RegExp(parts.map((part) => part.replace(/[[\]]/g, "\\$&")).join("[^]*"));

/** What a look finds. */
function* seen(pid: number, links: Links): Iterable<Check> {
  const listed = nsatlas(["list", "--task", String(pid), "--output", "TYPE,NS", "--noheadings", "--raw"]);
  const rows = KINDS.map((kind) => `${kind} ${inodeOf(links[kind])}`);
  yield {
    id: "product: list finds a namespace of each kind that a process is in",
    says: `${listed.status} ${listed.stdout.trim().split("\n").toSorted().join(", ")}${listed.stderr}`,
    should: `0 ${rows.toSorted().join(", ")}`,
  };
  const json = nsatlas(["list", "--json", "--type", "uts", "--output", "NS,NPROCS,PNS,ONS"]);
  const row = { ns: Number(inodeOf(links.uts)), nprocs: 2, pns: 0, ons: Number(inodeOf(links.user)) };
  yield {
    id: "product: list --json says who owns a namespace",
    says: JSON.stringify(rowsOf(json).find(({ ns }) => ns === row.ns)),
    should: JSON.stringify(row),
  };
  const tree = nsatlas(["tree", "--all"]);
  yield check(tree, "tree draws them below their user namespace", 0, words(links.user, links.uts));
  yield check(nsatlas(["show", links.net]), "show says who owns a namespace", 0, words(links.net, links.user));
  yield check(nsatlas(["why", links.ipc]), "why names the process", 0, words(links.ipc, `end process ${pid} `));
  yield check(nsatlas(["leaks"]), "leaks finds none", 0, /(?:)/);
  yield check(nsatlas(["list"], { uid: ORDINARY }), "list answers an ordinary user", 0, /\d+ user +\d+ +\d+ /);
  yield check(nsatlas(["tree"], { uid: ORDINARY }), "tree answers an ordinary user", 0, /user:\[\d+\]/);
}

function rowsOf({ stdout, stderr }: Ran): readonly { ns: number }[] {
  try {
    return JSON.parse(stdout).namespaces;
  } catch {
    throw new Error(`no JSON: ${stdout}${stderr}`);
  }
}

/** What it says of what may be done. */
function* asked(pid: number, links: Links): Iterable<Check> {
  const own = linksOf("self");
  const can = (...rest: string[]): Ran => nsatlas(["can", ...rest]);
  yield check(can(`${pid}`, "sethostname"), "can: root of a user namespace names its host", 0, /^Yes: /);
  yield check(can(`${pid}`, "enter", own.uts), "can: it may not leave for its owner's", 1, /^No: /);
  // A shell: whoever has several threads enters no time namespace.
  const shell = String(process.ppid);
  yield check(can(shell, "enter", ...Object.values(links)), "can: the machine's root enters all of them", 0, /^Yes: /);
  const caps = nsatlas(["caps", `${pid}`, links.net]);
  yield check(caps, "caps says what a process may do in a namespace", 0, /effective set over net/);
  yield check(nsatlas(["ids"]), "ids shows the maps", 0, words(links.user));
}

/** Each kind by itself and all at once, and what the kernel refuses. */
function* entered(pid: number, links: Links): Iterable<Check> {
  const read = (...kinds: readonly NamespaceKind[]): string[] => [
    "/bin/readlink",
    ...kinds.map((kind) => `/proc/self/ns/${kind}`),
  ];
  const enter = (...rest: string[]): Ran => nsatlas(["enter", "--target", `${pid}`, ...rest]);
  const all = KINDS.map((kind) => links[kind]).join("\n");
  yield check(enter("--all", "--", ...read(...KINDS)), "enter --all is in all of them", 0, all);
  yield check(enter("-u", "--", ...read("uts")), "enter -u is in that one", 0, links.uts);
  yield check(enter("-p", "--", ...read("pid")), "enter -p forks into that one", 0, links.pid);
  yield check(enter("-T", "--", ...read("time")), "enter -T forks into that one", 0, links.time);
  yield check(enter("-U", "--", "/bin/cat", "/proc/self/uid_map"), "enter -U sees the map", 0, /^0 +0 +1$/);
  const byFile = nsatlas(["enter", `--net=/proc/${pid}/ns/net`, "--", ...read("net")]);
  yield check(byFile, "enter by a file is in that one", 0, links.net);
  const dry = enter("--all", "--dry-run", "--", "/bin/cat");
  yield check(dry, "enter --dry-run says what it would do", 0, /setns/);
  const refused = nsatlas(["enter", "--target", `${pid}`, "-n", "--", "/bin/cat"], { uid: ORDINARY });
  yield {
    id: "product: enter is refused to an ordinary user",
    says: `${refused.status !== 0} ${/EACCES|EPERM/.exec(refused.stderr)?.[0] ?? refused.stderr}`,
    should: "true EACCES",
  };
}

/** Programs in new namespaces. */
function* started(): Iterable<Check> {
  const run = (options: string[], ...command: string[]): Ran => nsatlas(["run", ...options, "--", ...command]);
  for (const [kind, option] of Object.entries(OPTION)) {
    const { status, stdout, stderr } = run(["--fork", option], "/bin/readlink", `/proc/self/ns/${kind}`);
    const isNew =
      new RegExp(`^${kind}:\\[\\d+\\]\\n$`).test(stdout) && stdout.trim() !== readlinkSync(`/proc/self/ns/${kind}`);
    yield { id: `product: run ${option} starts in a new one`, says: `${status} ${isNew} ${stderr}`, should: "0 true " };
  }
  const first = run(["-p", "--fork", "--mount-proc"], "/bin/sh", "-c", "echo $$; readlink /proc/self");
  yield check(first, "run -p --mount-proc starts process 1, with its own /proc", 0, "1\n2");
  const clock = run(["-T", "--fork", "--boottime", "100000000"], "/bin/cat", "/proc/uptime");
  yield check(clock, "run --boottime moves the clock", 0, /^10000\d{4}\.\d\d /);
  const mapped = nsatlas(["run", "-r", "--", "/bin/cat", "/proc/self/uid_map"], { uid: ORDINARY });
  yield check(mapped, "run -r maps an ordinary user", 0, /^0 +1000 +1$/);
}
