import { chownSync, existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { needs } from "../support/needs.ts";
import { asOrdinaryUser } from "../support/ordinary-user.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";
import { nestedPods, rootlessPod, topology } from "../support/topologies.ts";
import { describeAsEachViewer, ordinaryUser, PROGRAMS, root, type Ran, type Viewer } from "../support/viewers.ts";

const NEEDS = ["native", "user-namespaces", "kernel:pidfd-namespaces"] as const;
const UID = asOrdinaryUser().uid ?? process.getuid?.() ?? 0;

/** A folder of the viewer's own for images and, of an ordinary user, for what is registered; undoes what is left. */
class Desk implements AsyncDisposable {
  readonly #folder: TemporaryFolder = temporaryFolder();
  readonly #viewer: Viewer;
  readonly name: string;
  constructor(viewer: Viewer, name: string) {
    this.#viewer = viewer;
    this.name = `test-${process.pid}-${name}`;
    const { uid, gid } = asOrdinaryUser();
    if (viewer === ordinaryUser && uid !== undefined && gid !== undefined) chownSync(this.path, uid, gid);
  }
  get path(): string {
    return this.#folder.path;
  }
  image(image: Topology): string {
    const file = join(this.path, `${this.name}.json`);
    writeFileSync(file, encodeTopology(image), { mode: 0o644 });
    return file;
  }
  run = (...words: string[]): Promise<Ran> =>
    this.#viewer.nsatlas(["restore", ...words], { env: { XDG_RUNTIME_DIR: this.path } });
  verify = (file: string): Promise<Ran> =>
    this.#viewer.nsatlas(["verify", file, "--against", this.name], { env: { XDG_RUNTIME_DIR: this.path } });
  async [Symbol.asyncDispose](): Promise<void> {
    await this.run("--undo", this.name);
    this.#folder[Symbol.dispose]();
  }
}

interface Made {
  readonly verified: boolean | null;
  readonly processes: readonly { readonly label: string; readonly pid: number }[];
}
const made = ({ stdout }: Ran): Made => JSON.parse(stdout);
/** Nobody's zombie is left to process 1, which may be slow. */
const pods = (): Topology => {
  const image = nestedPods();
  return { ...image, processes: image.processes.filter(({ label }) => label !== "visitor") };
};
const imageFor = (viewer: Viewer): Topology => (viewer === root ? pods() : rootlessPod(UID));

describeAsEachViewer("restore", (viewer) => {
  test("builds, verifies, lists and takes away again", needs(...NEEDS), async () => {
    await using desk = new Desk(viewer, "all");
    const file = desk.image(imageFor(viewer));
    const done = await desk.run(file, "--json");
    expect(done).toMatchObject({ code: 0, stderr: "" });
    const { verified, processes } = made(done);
    expect(verified).toBe(true);
    const [first, second] = processes;
    expect(readFileSync(`/proc/${second?.pid}/comm`, "utf8")).toBe(`${second?.label}\n`);
    expect(readFileSync(`/proc/${first?.pid}/status`, "utf8")).toMatch(/^NSpid:\s+\d+\s+1$/m);

    const list = await desk.run("--list");
    expect(list.stdout).toMatch(new RegExp(`^${desk.name} +whole +${processes.length} +0 `, "m"));
    const again = await desk.run(file);
    expect(again.code).toBe(4);
    expect(again.stderr).toContain(`nsatlas restore --undo`);

    const undone = await desk.run("--undo", desk.name, "--json");
    expect(JSON.parse(undone.stdout)).toEqual({ undone: desk.name, processes: processes.length, mounts: 0, files: 0 });
    expect(processes.filter(({ pid }) => existsSync(`/proc/${pid}/ns/uts`))).toEqual([]);
    expect((await desk.run("--undo", desk.name)).code).toBe(2);
  });

  test("--dry-run does nothing, and says that it could", needs(...NEEDS), async () => {
    await using desk = new Desk(viewer, "dry");
    const tried = await desk.run(desk.image(imageFor(viewer)), "--dry-run");
    expect(tried).toMatchObject({ code: 0, stderr: "" });
    expect(tried.stdout).toMatch(/^This can be done here, in \d+ steps\.\n$/);
    expect((await desk.run("--list")).stdout).not.toContain(desk.name);
  });

  test("a process becomes a command", needs(...NEEDS), async () => {
    await using desk = new Desk(viewer, "exec");
    const image = imageFor(viewer);
    const [label = "", pid] = [image.processes.at(-2)?.label, image.processes.at(-2)?.namespaces.pid];
    expect(pid).toBeDefined();
    const file = desk.image(image);
    const done = await desk.run(file, "--exec", `${label}=sleep 2000 & exec sleep 1000`, "--json");
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(made(done).verified).toBe(true);
    const at = made(done).processes.find((one) => one.label === label)?.pid;
    await expect.poll(() => readFileSync(`/proc/${at}/cmdline`, "utf8")).toBe("sleep\x001000\x00");
    expect(readdirSync(`/proc/${at}/fd`).toSorted()).toEqual(["0", "1", "2"]);
    expect(readlinkSync(`/proc/${at}/fd/0`)).toBe("/dev/null");
    // What the command started is not the image's, and neither is its name.
    expect(await desk.verify(file)).toMatchObject({ code: 0, stderr: "" });
    const nobody = await desk.run(join(desk.path, `${desk.name}.json`), "--name", "other", "--exec", "nobody=true");
    expect(nobody.code).toBe(2);
  });

  test("words that make no sense, and a damaged image", needs("native"), async () => {
    await using desk = new Desk(viewer, "words");
    const file = desk.image(imageFor(viewer));
    expect((await desk.run()).code).toBe(2);
    expect((await desk.run(file, "--list")).code).toBe(2);
    expect((await desk.run(file, "--name", "../x")).code).toBe(2);
    writeFileSync(file, `{ "format": "nsatlas-topology", "version": 1 }`);
    expect((await desk.run(file)).code).toBe(6);
    writeFileSync(file, "{}");
    expect(await desk.run(file)).toMatchObject({
      code: 6,
      stderr: expect.stringContaining("No namespace, process or bind mount"),
    });
    writeFileSync(file, "{ namespaces: { lost: { kind: uts } } }");
    expect(await desk.run(file)).toMatchObject({ code: 4, stderr: expect.stringContaining("nothing would hold lost") });
  });
});

describe("restore, by an ordinary user", { ...ordinaryUser.needs }, () => {
  test("what takes root is named before anything happens, all of it", needs(...NEEDS), async () => {
    await using desk = new Desk(ordinaryUser, "refused");
    const refused = await desk.run(desk.image(pods()));
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain("nothing was done");
    expect(refused.stderr).toMatch(/setresuid, for outer: EPERM/);
    expect((await desk.run("--list")).stdout).not.toContain(desk.name);
  });
});

test(
  "whoever is root in a user namespace of its own restores there",
  needs(...NEEDS, "package:util-linux"),
  async () => {
    await using desk = new Desk(ordinaryUser, "own");
    const file = join(desk.path, `${desk.name}.yaml`);
    writeFileSync(
      file,
      "{ namespaces: { box: { kind: user }, names: { kind: uts, owner: box } }, processes: { one: { in: [names] } } }",
    );
    const words = [process.execPath, PROGRAMS.nsatlas, "restore", file, "--json"];
    const done = await ordinaryUser.run("unshare", ["-U", "-r", ...words], { env: { XDG_RUNTIME_DIR: desk.path } });
    expect(done).toMatchObject({ code: 0, stderr: "" });
    expect(made(done).verified).toBe(true);
    expect(await desk.run("--undo", desk.name)).toMatchObject({ code: 0 });
  },
);

test("--pin keeps namespaces by bind mounts, without a process", needs("root", ...NEEDS), async () => {
  await using desk = new Desk(root, "pin");
  const image = topology({
    namespaces: [
      { label: "names", kind: "uts", owner: "ambient:user", hostname: "pinned" },
      { label: "pids", kind: "pid", owner: "ambient:user", parent: "ambient:pid", state: "unborn" },
    ],
  });
  const pins = join(desk.path, "pins");
  const file = desk.image(image);
  expect(await desk.run(file, "--pin", pins)).toMatchObject({ code: 0, stderr: "" });
  expect(await desk.verify(file)).toMatchObject({ code: 0, stderr: "" });
  const inside = await root.run("nsenter", [`--uts=${pins}/names`, "uname", "-n"]);
  expect(inside.stdout).toBe("pinned\n");
  expect(await root.run("nsenter", [`--pid=${pins}/pids`, "sh", "-c", "echo $$"])).toMatchObject({ stdout: "1\n" });
  expect(await desk.run("--undo", desk.name)).toMatchObject({ code: 0 });
  expect(existsSync(pins)).toBe(false);
});
