import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EXAMPLES, installExamples } from "../support/examples.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeAsEachViewer, self } from "../support/viewers.ts";

const OWN = ["a-world", "who-owns-it"];

describeAsEachViewer("examples/", (viewer) => {
  test("who-owns-it shows the owner of the own network namespace, and everything else", needs("native"), async () => {
    using folder = temporaryFolder();
    await installExamples(folder.path, OWN);
    const ran = await viewer.run(process.execPath, [join(folder.path, "who-owns-it.mjs")]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^net:\[\d+\] belongs to user:\[\d+\], which uid \d+ made\.\nAbove that: /);
    expect(ran.stdout).toMatch(/\nuser \d+:\d+\/\d+ owns cgroup:\[\d+\]/);
  });

  test("a-world asks the model what the kernel would say", async () => {
    using folder = temporaryFolder();
    await installExamples(folder.path, OWN);
    const ran = await viewer.run(process.execPath, [join(folder.path, "a-world.mjs")]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(/^ioctl NS_GET_PARENT on user:\[\d+\] via \/proc\/self\/ns\/user: EPERM, /);
  });
});

describeAsEachViewer("own-network", (viewer) => {
  test("serves in a network namespace of its own", needs("native", "package:iproute2"), async () => {
    using folder = temporaryFolder();
    await installExamples(folder.path, ["own-network"]);
    const ran = await viewer.run(process.execPath, [join(folder.path, "own-network.mjs")]);
    expect(ran).toMatchObject({ code: 0, stderr: "", stdout: "hello from inside\n" });
  });
});

describe("three-stacks", needs("native", "root", "package:iproute2"), () => {
  test("serves HTTP in three network namespaces at once, over the wires between them", async () => {
    using folder = temporaryFolder();
    await installExamples(folder.path, ["three-stacks"]);
    const ran = await self.run(process.execPath, [join(folder.path, "three-stacks.mjs")]);
    expect(ran).toMatchObject({
      code: 0,
      stderr: "",
      stdout: "red asks: hello from green\ngreen asks: hello from blue\nblue asks: hello from red\n",
    });
  });

  test(
    "answers curl that nsenter started in each of the three",
    needs("package:curl", "package:util-linux"),
    async () => {
      using folder = temporaryFolder();
      await installExamples(folder.path, ["three-stacks"]);
      const program = spawn(process.execPath, [join(folder.path, "three-stacks.mjs"), "stay"], {
        stdio: ["pipe", "pipe", "inherit"],
      });
      const ended = once(program, "exit");
      try {
        let said = "";
        for await (const text of program.stdout.setEncoding("utf8")) {
          said += String(text);
          if (said.includes("nsenter ")) break;
        }
        const answers: string[] = [];
        for (const [nth, name] of ["red", "green", "blue"].entries()) {
          const link = new RegExp(`^${name} is (net:\\[\\d+\\])$`, "m").exec(said)?.[1];
          const fds = `/proc/${program.pid}/fd`;
          const fd = readdirSync(fds).find((one) => readlinkSync(join(fds, one)) === link);
          const words = [`--net=${join(fds, fd ?? "none")}`, "curl", "-sS", "--max-time", "10"];
          const { stdout, stderr } = await self.run("nsenter", [...words, `http://10.0.${nth}.2`]);
          answers.push(`${name}: ${stdout}${stderr}`);
        }
        expect(answers).toEqual(["red: hello from green", "green: hello from blue", "blue: hello from red"]);
        // It serves in three, and none of its threads is in any of them.
        const threads = readdirSync(`/proc/${program.pid}/task`);
        const links = threads.map((tid) => readlinkSync(`/proc/${program.pid}/task/${tid}/ns/net`));
        expect(new Set(links)).toEqual(new Set([readlinkSync("/proc/self/ns/net")]));
        program.stdin.end();
        expect(await ended).toEqual([0, null]);
      } finally {
        program.kill("SIGKILL");
      }
    },
  );
});

describe("each example of the library", () => {
  test("is run by a test here, or by one of its own", () => {
    // ns-show.ts: test/examples/ns-show.test.ts
    const files = [...OWN, "ns-show", "own-network", "three-stacks"].map((name) => `${name}.ts`);
    const there = readdirSync(EXAMPLES).filter((name) => name.endsWith(".ts"));
    expect(there.toSorted()).toEqual(files.toSorted());
  });
});
