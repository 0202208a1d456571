import { describe, expect, test } from "vitest";
import { discover, openNamespace } from "../../src/index.ts";
import { hold } from "../kernel/live/held-process.ts";
import { needs } from "../support/needs.ts";
import { ORDINARY_USER } from "../support/ordinary-user.ts";
import { ordinaryUser, root, self } from "../support/viewers.ts";
import { ask } from "./ask.ts";

const UNSHARE = ["package:util-linux", "native"] as const;

/** What a process tells of its own user namespace, and of the UTS namespace that it brought along from outside. */
const RELATIONS = `
  const user = await nsatlas.openNamespace("self/user");
  const uts = await nsatlas.openNamespace("self/uts");
  return {
    parent: await tell(() => user.parent()),
    owner: await tell(() => uts.owner()),
    ancestors: user.ancestors(),
    creator: user.ownerUid(),
  };
`;

describe("from inside a new user namespace", needs(...UNSHARE, "user-namespaces"), () => {
  test("what lies outside is refused, and the creator is who has a number inside", async () => {
    const through = ["unshare", "--user", "--map-root-user"];
    for (const viewer of [root, ordinaryUser].filter(({ needs: { skip } }) => skip !== true)) {
      expect(await ask({ viewer, through }, RELATIONS)).toEqual({
        parent: expect.objectContaining({ code: "EPERM", rule: "parent-outside-view" }),
        owner: expect.objectContaining({ code: "EPERM", rule: "owner-outside-view" }),
        ancestors: [],
        creator: { uid: 0, mapped: true },
      });
    }
  });

  test("a creator without a number inside is unmapped, which 65534 alone would not tell", async () => {
    const answer = await ask({ viewer: self, through: ["unshare", "--user"] }, RELATIONS);
    expect(answer).toMatchObject({ creator: { uid: 65534, mapped: false } });
  });

  test("where 65534 is somebody's number inside, it may be either", needs("root"), async () => {
    const body = `const ns = await nsatlas.openNamespace("self/user"); return ns.ownerUid();`;
    // The creator, root, has no number inside; 65534 is given to uid 70000.
    const script = `
      unshare --user sh -c 'read go; exec "$@"' sh "$@" <&3 &
      until [ "$(readlink /proc/$!/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.01; done
      echo "65534 70000 1" > /proc/$!/uid_map; echo >&4; wait $!`;
    const pipe = `d=$(mktemp -d); mkfifo $d/p; exec 3<>$d/p 4>$d/p; rm -r $d; ${script}`;
    const answer = await ask({ viewer: root, through: ["sh", "-c", pipe, "sh"] }, body);
    expect(answer).toEqual({ uid: 65534 });
  });
});

describe("without /proc", needs("root", ...UNSHARE), () => {
  const through = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$@"', "sh"];

  test("discovery and links say what is missing, and what to do", async () => {
    const answer = await ask(
      { viewer: root, through },
      `return [await tell(() => nsatlas.discover()), await tell(() => nsatlas.openNamespace("self/net")), await tell(() => nsatlas.openNamespace("fd:0"))];`,
    );
    const [discovered, opened, descriptor] = Array.isArray(answer) ? answer : [];
    expect(discovered).toMatchObject({
      name: "SyscallError",
      code: "ENODEV",
      reason: expect.stringMatching(/No proc file system is mounted there/),
    });
    expect(opened).toMatchObject({
      code: "ENOENT",
      reason: expect.stringMatching(/no proc file system at this place/),
      hint: expect.stringMatching(/mount -t proc proc/),
    });
    expect(descriptor).toMatchObject({
      code: "ENOENT",
      reason: expect.stringMatching(/no proc file system at this place/),
    });
  });

  test("a bind mount of a namespace still opens, and raw calls work", async () => {
    const bind =
      'f=$(mktemp); mount --bind /proc/self/ns/net $f && mount -t tmpfs none /proc && export PIN=$f && exec "$@"';
    const words = [
      "unshare",
      "--mount",
      "sh",
      "-c",
      `trap 'umount $f; rm $f' EXIT; ${bind.replace("exec ", "")}`,
      "sh",
    ];
    const answer = await ask(
      { viewer: root, through: words },
      `const ns = await nsatlas.openNamespace(process.env.PIN);
       const fd = raw.open(process.env.PIN);
       return [ns.kind, ns.owner().kind, raw.ioctl(fd, "NS_GET_NSTYPE")];`,
    );
    expect(answer).toEqual(["net", "user", 0x40000000]);
  });
});

describe("with a /proc that shows less", needs("root", ...UNSHARE), () => {
  /** In a pid namespace and a mount namespace of its own, so that no other /proc is touched. */
  const inOwnProc = (options: string) => [
    ...["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c"],
    `mount -t proc ${options} proc /proc && setpriv --reuid ${ORDINARY_USER.uid} --regid ${ORDINARY_USER.gid} --clear-groups "$@"`,
    "sh",
  ];

  test("hidepid=2: the own process is seen, others are as if they were not there, and coverage says so", async () => {
    const answer = await ask(
      { viewer: root, through: inOwnProc("-o hidepid=2") },
      `const { processes, coverage } = await nsatlas.discover();
       return [processes.map(({ pid }) => pid), coverage.find(({ source }) => source === "processes"), await tell(() => nsatlas.openNamespace("1/net")), process.pid];`,
    );
    const [pids, coverage, hidden, own] = Array.isArray(answer) ? answer : [];
    expect(pids).toEqual([own]);
    expect(coverage).toMatchObject({ notes: expect.arrayContaining(["hidepid"]) });
    expect(hidden).toMatchObject({ code: "ENOENT", reason: expect.stringMatching(/it ended, or \/proc hides it/) });
  });

  test("a /proc of another pid namespace: what it shows is seen, and that it is another's is said", async () => {
    // A new pid namespace, with the /proc of the one above.
    const through = ["unshare", "--pid", "--fork", "--kill-child"];
    const answer = await ask(
      { viewer: root, through },
      `const { processes, coverage } = await nsatlas.discover();
       const user = await nsatlas.openNamespace("self/user");
       return [processes.length > 1, coverage.find(({ source }) => source === "processes"), user.kind];`,
    );
    const [several, coverage, kind] = Array.isArray(answer) ? answer : [];
    expect([several, kind]).toEqual([true, "user"]);
    expect(coverage).toMatchObject({ notes: expect.arrayContaining(["proc-of-another-pid-namespace"]) });
  });

  test("a /proc in which the viewer has no number: what it shows is seen, and `self` says why it leads nowhere", async () => {
    await using held = await hold("unshare", [
      ...["--mount", "--pid", "--fork", "--kill-child", "sh", "-c"],
      "mount -t proc proc /proc && echo ready; read line",
    ]);
    const procRoot = `/proc/${held.pid}/root/proc`;
    const { processes, coverage } = await discover({ procRoot });
    expect(processes.map(({ pid }) => pid)).toEqual([1]);
    expect(coverage.find(({ source }) => source === "processes")?.notes).toContain("proc-of-another-pid-namespace");
    using pid = await openNamespace("1/pid", { procRoot });
    expect(pid.ancestors()).toHaveLength(1);
    await expect(openNamespace("self/net", { procRoot })).rejects.toMatchObject({
      code: "ENOENT",
      reason: "/proc belongs to a pid namespace in which nsatlas has no number.",
    });
  });
});
