import { chownSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeTopology } from "../../src/topology/image/decode.ts";
import { cat, LiveScene } from "../support/live-scene.ts";
import { needs } from "../support/needs.ts";
import { asOrdinaryUser } from "../support/ordinary-user.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ordinaryUser, PROGRAMS, root, type Ran, type Viewer } from "../support/viewers.ts";

/** The lines of /proc/PID/status that say who a process is. */
const LINES = /^(?:Uid|Gid|Groups|NoNewPrivs|Cap(?:Inh|Prm|Eff|Bnd|Amb)):.*$/gm;
const credentialsOf = (pid: number): readonly string[] => cat(`/proc/${pid}/status`).match(LINES) ?? [];

/** What a process is like before it is captured, and what the one that stands in its place is like. */
async function thereAndBack(viewer: Viewer, command: string, words: readonly string[] = []) {
  using folder = temporaryFolder();
  const { uid, gid } = asOrdinaryUser();
  if (viewer === ordinaryUser && uid !== undefined && gid !== undefined) chownSync(folder.path, uid, gid);
  const env = { XDG_RUNTIME_DIR: folder.path };
  const [file, name] = [join(folder.path, "image.json"), `test-${process.pid}-credentials`];
  const [program = "nsatlas", ...rest] = words;
  const restore = (...more: readonly string[]): Promise<Ran> =>
    words.length === 0
      ? viewer.nsatlas(["restore", ...more], { env })
      : viewer.run(program, [...rest, "restore", ...more], { env });
  let before: readonly string[];
  {
    using scene = new LiveScene(viewer);
    const pid = await scene.play(`exec ${command} sh -c 'echo ready; exec sleep 60'`);
    before = credentialsOf(pid);
    const { code, stderr } = await viewer.nsatlas(["checkpoint", String(pid), "-o", file]);
    expect([code, stderr.includes("nsatlas:")]).toEqual([0, false]);
  }
  try {
    const restored = await restore(file, "--name", name);
    const listed = await viewer.nsatlas(["restore", "--list", "--json"], { env });
    const pid = Number(/"pid": ?(\d+)/.exec(listed.stdout.slice(listed.stdout.indexOf(name)))?.[1]);
    return {
      before,
      after: restored.code === 0 ? credentialsOf(pid) : [],
      restored,
      image: await decodeTopology(cat(file)),
    };
  } finally {
    await viewer.nsatlas(["restore", "--undo", name], { env });
  }
}

const NEEDS = ["native", "kernel:pidfd-namespaces", "package:util-linux"] as const;

describe("who stays in the user namespace of whoever restores has exactly what it had", () => {
  test.for([
    ["all of root's", "env"],
    ["a smaller bounding set", "setpriv --bounding-set=-all,+chown,+kill"],
    ["ambient ones", "setpriv --inh-caps=-all,+chown,+kill --ambient-caps=-all,+chown"],
    [
      "ambient ones as another user",
      "setpriv --reuid 71 --regid 72 --groups 5,6 --inh-caps=+kill --ambient-caps=+kill",
    ],
    ["none", "setpriv --reuid 71 --regid 72 --clear-groups --bounding-set=-all --no-new-privs"],
  ] as const)("%s", needs("root", ...NEEDS), async ([, command]) => {
    const { before, after, restored, image } = await thereAndBack(root, command);
    expect(restored).toMatchObject({ code: 0 });
    expect(image.processes[0]?.namespaces.user).toBe("ambient:user");
    expect(before.length).toBe(9);
    expect(after).toEqual(before);
  });

  test.for([
    ["as it is", "env"],
    ["without new privileges", "setpriv --no-new-privs"],
  ] as const)(
    "an ordinary user's, %s",
    { ...ordinaryUser.needs, ...needs("ordinary-user", ...NEEDS) },
    async ([, command]) => {
      const { before, after, restored } = await thereAndBack(ordinaryUser, command);
      expect(restored).toMatchObject({ code: 0 });
      expect(after).toEqual(before);
    },
  );

  test("what nobody is rid of, or gets back, is said before anything is made", needs("root", ...NEEDS), async () => {
    const less = ["setpriv", "--no-new-privs", "--bounding-set=-kill", process.execPath];
    const { restored } = await thereAndBack(root, "setpriv --bounding-set=-all,+kill", [...less, PROGRAMS.nsatlas]);
    expect(restored.code).toBe(4);
    expect(restored.stderr).toMatch(/no_new_privs/);
    expect(restored.stderr).toMatch(/CAP_KILL/);
  });
});
