import { chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SYSCALLS } from "../../src/abi/constants.ts";
import { KINDS } from "../../src/abi/namespace-kinds.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { columnsOf } from "../../src/render/width.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { runProgram } from "../cli/run-program.ts";
import { cProgram, type CProgram } from "../support/c-program.ts";
import { closeAll, drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { ORDINARY_USER } from "../support/ordinary-user.ts";
import { ordinaryUser, PROGRAMS, root, type Ran, type Viewer } from "../support/viewers.ts";
import { withoutUserNamespaces } from "../support/without-user-namespaces.ts";

interface Doctor {
  readonly caller: { readonly uid: number; readonly seccomp: string };
  readonly proc: { readonly hidepid: string; readonly ownPids: boolean };
  readonly interfaces: readonly { name: string; answer: string; errno: string | null }[];
  readonly missing: readonly { what: string; kind: string; source: string | null; reveals: { name: string }[] }[];
}

/** `nsatlas WORDS`, by way of other programs. */
const through = (who: Viewer, before: readonly string[], ...words: string[]): Promise<Ran> => {
  const [program = process.execPath, ...rest] = [...before, process.execPath, PROGRAMS.nsatlas, ...words];
  return who.run(program, rest);
};

async function examined(who: Viewer, before: readonly string[] = []): Promise<Doctor> {
  const ran = await through(who, before, "doctor", "--json");
  expect([ran.code, ran.stderr]).toEqual([0, ""]);
  return JSON.parse(ran.stdout).doctor;
}
const answersOf = ({ interfaces }: Doctor): Record<string, string> =>
  Object.fromEntries(interfaces.map(({ name, answer }) => [name, answer]));
/** What would show something, by the source or kind of what is missing. */
const revealing = ({ missing }: Doctor, wanted: string): string[] =>
  missing.flatMap(({ source, kind, reveals }) =>
    source === wanted || kind === wanted ? reveals.map(({ name }) => name) : [],
  );

describe("root", needs("root", "native"), () => {
  test("is answered by all that the kernel has", async () => {
    const found = await examined(root);
    expect(found.caller).toMatchObject({ uid: 0 });
    expect(found.interfaces.filter(({ answer }) => answer !== "answers" && answer !== "missing")).toEqual([]);
  });
  test("reads it at 80 columns, in two languages", async () => {
    for (const LC_ALL of ["C.UTF-8", "fr_FR.UTF-8"]) {
      const { stdout } = await root.nsatlas(["doctor"], { env: { LC_ALL } });
      expect(stdout).toContain(LC_ALL === "C.UTF-8" ? "What the kernel answers:" : "Ce à quoi le noyau répond :");
      expect(stdout.split("\n").filter((line) => columnsOf(line) > 80)).toEqual([]);
    }
  });
});

describe("an ordinary user", needs("ordinary-user", "native"), () => {
  test("is told of processes that may not be looked into, and of the capability", async () => {
    const found = await examined(ordinaryUser);
    expect(revealing(found, "links")).toContain("CAP_SYS_PTRACE");
    expect(answersOf(found)).toMatchObject({ NS_GET_NSTYPE: "answers", clone3: "answers", pidfd_getfd: "answers" });
    expect(answersOf(found)["set_tid"]).toMatch(/refused|missing/);
  });
});

describe("inside a user namespace", needs("ordinary-user", "user-namespaces", "native", "package:util-linux"), () => {
  const before = ["unshare", "--user", "--map-root-user"];
  test("its capabilities do not reach out, and owners are refused", async () => {
    const found = await examined(ordinaryUser, before);
    expect(answersOf(found)["NS_GET_USERNS"]).toBe("refused");
    expect(revealing(found, "place")).toEqual(["outside"]);
    // One for each errno: what others have mounted somewhere may be refused otherwise.
    expect(new Set(revealing(found, "owners"))).toEqual(new Set(["user-namespace"]));
    const { stdout } = await through(ordinaryUser, before, "tree");
    expect(stdout).toContain("EPERM: they lie outside your own user namespace");
  });
});

/** A pid and a mount namespace with a /proc of its own, as in a container. */
const CONTAINER = ["unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc"];

describe("inside a container", needs("root", "native", "package:util-linux"), () => {
  test("it is said that the machine has more", async () => {
    const found = await examined(root, CONTAINER);
    expect(found.proc).toMatchObject({ ownPids: true });
    expect(revealing(found, "place")).toEqual(["outside"]);
    const { stdout } = await through(root, CONTAINER, "list", "-n", "-t", "pid", "-o", "NPROCS");
    expect(Number(stdout)).toBe(1);
  });
  test("a /proc of outside is told from one of its own", async () => {
    const found = await examined(root, ["unshare", "--pid", "--fork", "--kill-child"]);
    expect(found.proc).toMatchObject({ ownPids: false });
    expect(revealing(found, "note")).toContain("own-proc");
  });
  test("hidepid is seen, and what would lift it", needs("ordinary-user"), async () => {
    const { uid, gid } = ORDINARY_USER;
    // In a pid namespace of its own: before Linux 5.8 the option is that of all its mounts.
    const script = `mount -o remount,hidepid=2 /proc && exec setpriv --reuid ${uid} --regid ${gid} --clear-groups "$@"`;
    const before = [...CONTAINER, "sh", "-c", `(${script}); exit $?`, "sh"];
    const found = await examined(root, before);
    expect(found.proc.hidepid).toMatch(/2|invisible/);
    expect(revealing(found, "note")).toContain("hidepid");
    const { stdout } = await through(root, before, "tree");
    expect(stdout).toContain("/proc is mounted with hidepid: processes of other users are not in it.");
  });
});

describe("under a seccomp filter", needs("linux", "native", "package:gcc", "package:libc6-dev"), () => {
  let program: CProgram | undefined;
  const filter = (errno: number | string): string[] => [program?.path ?? "", String(errno)];
  beforeAll(() => {
    program = cProgram({ file: join(import.meta.dirname, "../support/filter.c") });
    chmodSync(dirname(program.path), 0o755);
  });
  afterAll(() => program?.[Symbol.dispose]());

  test.each([
    ["EPERM", 1],
    ["ENOSYS", 38],
  ])("that says %s, what it keeps away is told from what the kernel lacks", needs("root"), async (name, errno) => {
    const found = await examined(root, filter(errno));
    expect(found.caller).toMatchObject({ seccomp: "filter" });
    expect(answersOf(found)).toMatchObject({
      NS_GET_NSTYPE: "answers",
      SIOCGSKNS: "answers",
      pidfd_open: "filtered",
      kcmp: "filtered",
      clone3: "filtered",
      setns: "filtered",
    });
    expect(found.interfaces.find((one) => one.name === "pidfd_getfd")).toMatchObject({
      answer: "untried",
      errno: name,
    });
    expect(revealing(found, "place")).toContain("filter");
    const listed = await through(root, filter(errno), "list", "-n", "-t", "user");
    expect([listed.code, listed.stdout.trim() === ""]).toEqual([0, false]);
  });
  // A process of ours goes to an ipc namespace to see what its mqueue is mounted as, and is ended without these calls.
  const NUMBERS = SYSCALLS.x86_64;
  const mounting = ["unshare", "--mount", "sh", "-c", 'mount -t mqueue none /mnt && exec "$@"', "sh"];
  test.each([
    ["pidfd_open", "EPERM", `1:${NUMBERS.pidfd_open}`],
    ["pidfd_open", "ENOSYS", `38:${NUMBERS.pidfd_open}`],
    ["pidfd_send_signal", "EPERM", `1:${NUMBERS.pidfd_send_signal}`],
    ["pidfd_send_signal", "ENOSYS", `38:${NUMBERS.pidfd_send_signal}`],
  ])("that keeps %s away (%s), namespaces are entered all the same", needs("root"), async (_, _errno, what) => {
    const { code, stdout, stderr } = await through(root, [...mounting, ...filter(what)], "tree", "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const { mounts }: Pick<Snapshot, "mounts"> = JSON.parse(stdout);
    expect(mounts).toContainEqual(expect.objectContaining({ fileSystem: "mqueue", path: "/mnt" }));
  });
  test("that kills, the other calls are tried all the same", needs("root"), async () => {
    const answers = answersOf(await examined(root, filter(0)));
    expect(answers).toMatchObject({ pidfd_open: "answers", pidfd_getfd: "filtered", clone3: "answers" });
  });
});

test("on the model, a kernel before NS_GET_USERNS answers no owners, and says since when there are any", async () => {
  const words = ["doctor", "--json", "--world", join(import.meta.dirname, "../../examples/worlds/containers.world")];
  const { exit, out } = await runProgram([...words, "--kernel", "4.8"]);
  const { doctor } = JSON.parse(out);
  expect(exit).toBe(0);
  expect(answersOf(doctor)).toMatchObject({
    "/proc/self/ns": "answers",
    NS_GET_USERNS: "missing",
    NS_GET_ID: "missing",
  });
});

test("on the model, a kernel without user namespaces shows all other kinds, and owners are said to be refused", async () => {
  const { actor, built } = drawnMachine("pid:init\n  pid:box\nnet:blue\n");
  closeAll(actor, built, actor.first);
  const observer = withoutUserNamespaces(new ModelObserver(() => actor.world, actor.first));
  const kinds = (await runProgram(["list", "-n", "-r", "-o", "TYPE"], { observer })).out.trim().split("\n");
  expect(new Set(kinds)).toEqual(new Set(KINDS.filter((kind) => kind !== "user")));
  const tree = await runProgram(["tree"], { observer });
  expect(tree.out).toMatch(/Not visible: the owners of \d+ namespaces \(EPERM\)/);
  const { doctor } = JSON.parse((await runProgram(["doctor", "--json"], { observer })).out);
  expect(answersOf(doctor)).toMatchObject({ "/proc/self/ns": "refused", NS_GET_USERNS: "refused" });
  expect(revealing(doctor, "owners")).toEqual(["user-namespace"]);
});
