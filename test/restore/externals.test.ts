import { readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeTopology } from "../../src/topology/image/decode.ts";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import { childOf, LiveScene } from "../support/live-scene.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { credentialsOf, process as processNode, topology } from "../support/topologies.ts";
import { root, type Ran } from "../support/viewers.ts";

const netOf = (pid: number | "self"): string => readlinkSync(`/proc/${pid}/ns/net`);
const pidIn = ({ stdout }: Ran): number => JSON.parse(stdout).processes[0]?.pid ?? 0;

const own = () => credentialsOf(readFileSync("/proc/thread-self/status", "utf8"));

/** A process in a uts namespace of its own, and in a network namespace that is another's; its descriptor 5 leads there as well. */
async function borrower(scene: LiveScene, lender: number): Promise<number> {
  const file = `/proc/${lender}/ns/net`;
  return scene.play(
    `exec 5< ${file}; exec nsenter --net=${file} unshare -u sh -c 'hostname lent; echo ready; exec sleep 60'`,
  );
}
const alone = (scene: LiveScene): Promise<number> => scene.play("exec unshare -n sh -c 'echo ready; exec sleep 60'");

const NEEDS = ["root", "native", "kernel:pidfd-namespaces", "package:util-linux"] as const;

describe("namespaces that are named from outside", needs(...NEEDS), () => {
  test("one is left out of an image, named when restoring, and compared as what was named", async () => {
    using folder = temporaryFolder();
    using scene = new LiveScene(root);
    const [first, second] = [await alone(scene), await alone(scene)];
    const file = join(folder.path, "lent.json");
    const name = `test-${process.pid}-lent`;
    const pid = await borrower(scene, first);
    const outside = `outside=${first}/net`;
    expect(await root.nsatlas(["checkpoint", `${pid}`, "--external", outside, "-o", file])).toMatchObject({ code: 0 });
    const image = await decodeTopology(readFileSync(file, "utf8"));
    expect(image.namespaces.map(({ kind }) => kind)).toEqual(["uts"]);
    expect(image.processes[0]).toMatchObject({
      namespaces: { net: "external:outside" },
      descriptors: [{ fd: 5, namespace: "external:outside" }],
    });

    const restore = (...words: string[]): Promise<Ran> => root.nsatlas(["restore", file, "--name", name, ...words]);
    expect(await restore("--dry-run")).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/external:outside \(net\), of process-1[^]*--external outside=REF/),
    });
    expect(await restore("--external", `outside=${second}/uts`)).toMatchObject({ code: 2 });
    expect(await restore("--external", `outside=${second}/net`, "--external", "other=self/net")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("external:other"),
    });
    try {
      const made = await restore("--external", `outside=${second}/net`, "--json");
      expect(made).toMatchObject({ code: 0, stderr: "" });
      expect(JSON.parse(made.stdout).verified).toBe(true);
      const at = pidIn(made);
      expect(netOf(at)).toBe(netOf(second));
      expect(readlinkSync(`/proc/${at}/fd/5`)).toBe(netOf(second));
      const verify = async (...words: string[]): Promise<number | null> =>
        (await root.nsatlas(["verify", file, "--against", ...words])).code;
      expect(await verify(name)).toBe(0);
      expect(await verify(`${at}`, "--external", `outside=${second}/net`)).toBe(0);
      expect(await verify(name, "--external", outside)).toBe(1);
      await root.nsatlas(["restore", "--undo", name]);
      // The lender is not ours to end.
      expect(netOf(second)).not.toBe(netOf("self"));

      const here = await restore("--external", "outside=self/net", "--json");
      expect(here).toMatchObject({ code: 0, stderr: "" });
      expect(netOf(pidIn(here))).toBe(netOf("self"));
    } finally {
      await root.nsatlas(["restore", "--undo", name]);
    }
  });

  test("what cannot be left out, or named, is said", async () => {
    using folder = temporaryFolder();
    using scene = new LiveScene(root);
    const pid = await scene.play("exec unshare -Uu sh -c 'echo ready; exec sleep 60'");
    const file = join(folder.path, "none.json");
    const taken = async (...words: string[]): Promise<Ran> => root.nsatlas(["checkpoint", ...words, "-o", file]);
    expect(await taken(`${pid}`, "--external", `box=${pid}/user`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is a user namespace"),
    });
    expect((await taken(`${pid}/uts`, "--external", `names=${pid}/uts`)).code).toBe(2);
    expect((await taken(`${pid}`, "--external", "names")).code).toBe(2);
    expect((await taken(`${pid}`, "--external", `unseen=${pid}/uts`)).code).toBe(2);

    const refused = async (namespaces: Readonly<Record<string, string>>, path?: string): Promise<string> => {
      const pins = path === undefined ? [] : [{ namespace: "names", in: "external:x", path }];
      const names = { label: "names", kind: "uts", owner: "ambient:user" } as const;
      const one = processNode({ label: "one", namespaces: { uts: "names", ...namespaces }, credentials: own() });
      writeFileSync(file, encodeTopology(topology({ namespaces: [names], processes: [one], pins })));
      const { code, stderr } = await root.nsatlas(["restore", file, "--external", "x=self/net"]);
      return `${code} ${stderr}`;
    };
    expect(await refused({ net: "external:x", ipc: "external:x" })).toMatch(/^4 [^]*a net\s+namespace/);
    expect(await refused({ user: "external:x" })).toMatch(/^4 [^]*is a user namespace/);
    expect(await refused({}, "/run/pin")).toMatch(/^4 [^]*\/run\/pin/);
  });

  test("a pid namespace of somebody else's, and a descriptor on one of the restorer's own", async () => {
    using folder = temporaryFolder();
    using scene = new LiveScene(root);
    const lender = childOf(await scene.play("exec unshare -p --fork --kill-child sh -c 'echo ready; exec sleep 60'"));
    const file = join(folder.path, "guest.json");
    const name = `test-${process.pid}-guest`;
    const credentials = own();
    const image = topology({
      namespaces: [{ label: "below", kind: "pid", owner: "ambient:user", parent: "external:there", state: "alive" }],
      processes: [
        processNode({
          label: "guest",
          namespaces: { pid: "external:there" },
          credentials,
          descriptors: [{ fd: 6, namespace: "ambient:net" }],
        }),
        processNode({ label: "first", numbers: [1], namespaces: { pid: "below" }, credentials }),
      ],
    });
    writeFileSync(file, encodeTopology(image));
    try {
      const made = await root.nsatlas(["restore", file, "--name", name, "--external", `there=${lender}/pid`, "--json"]);
      expect(made).toMatchObject({ code: 0, stderr: "" });
      expect(JSON.parse(made.stdout).verified).toBe(true);
      const [guest, first]: { pid: number }[] = JSON.parse(made.stdout).processes;
      expect(readlinkSync(`/proc/${guest?.pid}/ns/pid`)).toBe(readlinkSync(`/proc/${lender}/ns/pid`));
      expect(readlinkSync(`/proc/${guest?.pid}/fd/6`)).toBe(netOf("self"));
      expect(readFileSync(`/proc/${first?.pid}/status`, "utf8")).toMatch(/^NSpid:\t\d+\t\d+\t1$/m);
    } finally {
      await root.nsatlas(["restore", "--undo", name]);
    }
  });
});
