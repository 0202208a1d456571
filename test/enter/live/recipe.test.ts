import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { ENTER, run } from "./both.ts";
import { startHolder } from "./holder.ts";

/** Its mount namespace is never entered: whatever programs it has or lacks, those that run are the host's. */
const CONTAINER = ["-m", "-n", "-p", "-u"];
const PORT = 4711;

describe("the host's tools in a container that has none", needs("root", "native", "package:util-linux"), () => {
  test("ss shows the container's sockets, and none of the host's", needs("package:iproute2"), async () => {
    await using holder = await startHolder(CONTAINER);
    const of = ["-t", String(holder.pid)];
    run(ENTER, [...of, "-n", "ip", "link", "set", "lo", "up"]);
    const [program = "", ...rest] = ENTER;
    const listen = `require("net").createServer().listen(${PORT}, "127.0.0.1", () => console.log("ready"))`;
    const server = spawn(program, [...rest, ...of, "-n", process.execPath, "-e", listen], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await once(server.stdout, "data");
      const { code, out } = run(ENTER, [...of, "-n", "ss", "-Htln"]);
      expect({
        code,
        ports: out
          .trim()
          .split("\n")
          .map((line) => line.split(/\s+/)[3]),
      }).toEqual({
        code: 0,
        ports: [`127.0.0.1:${PORT}`],
      });
      expect(spawnSync("ss", ["-Htln", `sport = :${PORT}`], { encoding: "utf8" }).stdout).toBe("");
    } finally {
      server.kill("SIGKILL");
      await once(server, "exit");
    }
  });

  test("tcpdump sees its interfaces", needs("package:tcpdump"), async () => {
    await using holder = await startHolder(CONTAINER);
    const { code, out } = run(ENTER, ["-t", String(holder.pid), "-n", "tcpdump", "-D"]);
    expect(code).toBe(0);
    expect(out).toContain("lo");
    expect(out).not.toContain("eth0");
  });

  test("gdb attaches to process 1 by the container's own numbers", needs("package:gdb-minimal"), async () => {
    await using holder = await startHolder(CONTAINER);
    const of = ["-t", String(holder.pid), "-p", "-n", "--mount-proc", "--", "gdb", "-nx", "-batch", "-p", "1"];
    const { code, out } = run(ENTER, [...of, "-ex", "info inferiors"]);
    expect(code).toBe(0);
    expect(out).toMatch(/process 1\b.*sleep/);
  });
});
