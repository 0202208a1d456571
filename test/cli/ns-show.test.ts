import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LINKS } from "../../src/abi/proc-links.ts";
import type { CProgram } from "../support/c-program.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";
import { describeAsEachViewer, PROGRAMS, root, type Viewer } from "../support/viewers.ts";
import { openManualProgram } from "./ns-show/manual-program.ts";
import { meaningOf, type Meaning } from "./ns-show/meaning.ts";
import { openResident, type Resident } from "./ns-show/residents.ts";

/** What may stand behind the file: every case of the second argument, and no argument. */
const LETTERS = [[], ["p"], ["u"], ["pu"], ["up"], ["x"]];
const COMPILED = ["package:manpages-dev", "package:gcc", "package:libc6-dev", "package:linux-libc-dev"] as const;
const NAMESPACES = ["native", "user-namespaces", "kernel:time-namespaces", "package:util-linux"] as const;
/** One of each kind, for a child: unshare itself stays outside the new pid namespace. */
const ALL_NEW = ["--user", "--mount", "--uts", "--ipc", "--net", "--cgroup", "--time", "--pid", "--fork"];
/** What starts a program beside a resident. */
const enter = ({ pid }: Resident, ...options: readonly string[]): readonly string[] => [
  "nsenter",
  `--target=${pid}`,
  "--preserve-credentials",
  ...options,
];

describe("ns_show against the manual's example program", needs(...COMPILED, ...NAMESPACES), () => {
  let manual: CProgram;
  beforeAll(() => {
    manual = openManualProgram();
  });
  afterAll(() => manual[Symbol.dispose]());

  /** Starts both programs with the same words; `caller` is what starts them, such as `unshare -U`. */
  async function compare(viewer: Viewer, words: readonly string[], caller: readonly string[] = []): Promise<Meaning> {
    const run = ([program = "", ...rest]: readonly string[]) => viewer.run(program, rest);
    const [ours, theirs] = await Promise.all([
      run([...caller, process.execPath, PROGRAMS.nsShow, ...words]),
      run([...caller, manual.path, ...words]),
    ]);
    const meaning = meaningOf(ours);
    expect({ words, ...meaning }).toEqual({ words, ...meaningOf(theirs) });
    return meaning;
  }
  async function compareAll(viewer: Viewer, path: string, caller: readonly string[] = []): Promise<readonly Meaning[]> {
    const meanings: Meaning[] = [];
    for (const letters of LETTERS) meanings.push(await compare(viewer, [path, ...letters], caller));
    return meanings;
  }

  describeAsEachViewer("of a process's namespaces", (viewer) => {
    const residents = new Map<string, Resident>();
    beforeAll(async () => {
      residents.set("initial", await openResident(viewer));
      residents.set("new", await openResident(viewer, ...ALL_NEW));
      residents.set("nested", await openResident(viewer, "--user", "-r", "unshare", "--user", "--pid", "--fork"));
    });
    afterAll(async () => {
      for (const resident of residents.values()) await resident[Symbol.asyncDispose]();
    });
    const rows = [
      ...LINKS.flatMap((link) => [
        ["initial", link],
        ["new", link],
      ]),
      ...["user", "pid", "net"].map((link) => ["nested", link]),
    ];
    test.each(rows)("both programs say the same of a process in %s namespaces: %s", async (where = "", link) => {
      await compareAll(viewer, `/proc/${residents.get(where)?.pid}/ns/${link}`);
    });
    test("both say the same of the pid namespace that is for a process's children alone", async () => {
      const { maker } = residents.get("new") ?? { maker: 0 };
      const [owner, parent] = [`/proc/${maker}/ns/user`, `/proc/${maker}/ns/pid`].map((path) => statSync(path).ino);
      const said = await compare(viewer, [`/proc/${maker}/ns/pid_for_children`, "pu"]);
      expect(said.answers.map((answer) => Number(answer.split(" / ")[1]))).toEqual([owner, parent]);
    });
  });

  describeAsEachViewer("asked from inside new namespaces", (viewer) => {
    const refused = { exit: 1, errors: "" };
    const parent = { ...refused, answers: ["parent EPERM"] };
    const owner = { ...refused, answers: ["owner EPERM"] };

    test("both say that the parent of its user namespace and the owner of the others are out of scope", async () => {
      await using resident = await openResident(viewer, "--user");
      const inside = enter(resident, "--user");
      expect(await compare(viewer, ["/proc/self/ns/user", "p"], inside)).toEqual(parent);
      expect(await compare(viewer, ["/proc/self/ns/user"], inside)).toEqual(owner);
      expect(await compare(viewer, ["/proc/self/ns/uts", "u"], inside)).toEqual(owner);
      expect(await compare(viewer, ["/proc/self/ns/pid", "p"], inside)).toEqual(parent);
    });
    test("both find the owner of its own pid namespace and no parent", async () => {
      await using resident = await openResident(viewer, "--user", "-r", "--pid", "--fork", "--mount-proc");
      const said = await compare(
        viewer,
        ["/proc/self/ns/pid", "up"],
        enter(resident, "--user", "--pid", "--mount", "--wd=/"),
      );
      expect(said).toEqual({ ...refused, answers: [expect.stringMatching(/^owner \[/), "parent EPERM"] });
    });
    test.each(["uts", "user", "net"])("both say the same of a %s namespace that is bound to a file", async (kind) => {
      using folder = temporaryFolder();
      chmodSync(folder.path, 0o755);
      const pin = join(folder.path, "pin");
      writeFileSync(pin, "");
      // The mount ends with the resident's mount namespace.
      const bind = `mount --bind /proc/self/ns/${kind} ${pin} && exec "$@"`;
      await using resident = await openResident(viewer, "--user", "-r", "--mount", "--uts", "sh", "-c", bind, "sh");
      await compareAll(viewer, pin, enter(resident, "--user", "--mount"));
    });
  });

  describe("where /proc does not know the asking process", needs("root"), () => {
    const places = [
      ["is missing", "mount -t tmpfs none /proc"],
      ["is of another pid namespace", "unshare --pid --fork sh -c 'mount -t proc proc /proc; true'"],
    ] as const;
    test.each(places)("both say the same of a bound namespace: it %s", async (_, spoilProc) => {
      using folder = temporaryFolder();
      const pin = join(folder.path, "pin");
      writeFileSync(pin, "");
      const prepare = `mount --bind /proc/self/ns/uts ${pin} && ${spoilProc} && exec "$@"`;
      const said = await compareAll(root, pin, ["unshare", "--mount", "sh", "-c", prepare, "sh"]);
      expect(said[0]).toMatchObject({ exit: 0, answers: [expect.stringMatching(/^owner \[/)] });
    });
  });

  describeAsEachViewer("of what is no namespace", (viewer) => {
    let folder: TemporaryFolder;
    let socket: Server;
    const at = (name: string) => join(folder.path, name);
    beforeAll(async () => {
      folder = temporaryFolder();
      chmodSync(folder.path, 0o755);
      writeFileSync(at("file"), "text", { mode: 0o644 });
      writeFileSync(at("closed"), "text", { mode: 0o000 });
      spawnSync("mkfifo", ["-m", "644", at("fifo")]);
      symlinkSync("loop", at("loop"));
      socket = createServer().listen(at("socket"));
      await once(socket, "listening");
    });
    afterAll(async () => {
      socket.close();
      await once(socket, "close");
      folder[Symbol.dispose]();
    });

    test.each([
      ["a device", "/dev/null"],
      ["a folder", "/"],
      ["a folder of /proc", "/proc/self/ns"],
      ["a missing file", "/nowhere"],
      ["a missing link", "/proc/self/ns/none"],
      ["no name", ""],
      ["a name of 5,000 characters", "a".repeat(5000)],
    ])("both say the same of %s", async (_, path) => {
      await compareAll(viewer, path);
    });
    test.each(["file", "closed", "loop", "socket", "file/below", "with\nnewline"])(
      "both say the same of a %s",
      async (name) => {
        await compareAll(viewer, at(name));
      },
    );
    test("both say the same of process 1, whoever may look there", async () => {
      await compareAll(viewer, "/proc/1/ns/user");
    });
    test("both explain their use where there is no argument, and take no notice of a third", async () => {
      expect(await compare(viewer, [])).toEqual({ exit: 1, answers: [], errors: "usage" });
      await compare(viewer, ["/proc/self/ns/user", "x", "p"]);
    });
    test("ns_show does not wait for the other end of a FIFO", async () => {
      const { code, stdout, stderr } = await viewer.nsShow([at("fifo")]);
      const text = "ioctl-NS_GET_USERNS: Inappropriate ioctl for device\n";
      expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: "", stderr: text });
    });
  });
});
