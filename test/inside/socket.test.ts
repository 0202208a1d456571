import { readFileSync, readdirSync, readlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { execIn } from "../../src/inside/exec.ts";
import { socketIn } from "../../src/inside/socket.ts";
import { startHolder } from "../enter/live/holder.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ordinaryUser, PRODUCT, self } from "../support/viewers.ts";
import { held, linksOfThreads } from "./events.ts";

/** Few in `npm test`; `NSATLAS_SOCKETS=10000 npx vitest run test/inside/socket.test.ts`. */
const SOCKETS = Number(process.env["NSATLAS_SOCKETS"] ?? 200);
const IDLE_MS = 700;

const up = (pid: number) => execIn(`${pid}/net`, "ip", ["link", "set", "lo", "up"]);
const portOf = (address: unknown): number => {
  if (typeof address === "object" && address !== null && "port" in address) return Number(address.port);
  throw new Error("no port");
};

describe("socketIn", needs("native", "root", "package:util-linux", "package:iproute2"), () => {
  test("makes servers and clients that live in another network namespace; the program stays where it is", async () => {
    await using holder = await startHolder(["--net"]);
    await up(holder.pid);
    const net = `${holder.pid}/net`;
    const before = linksOfThreads();
    for (const [type, host] of [
      ["tcp4", "127.0.0.1"],
      ["tcp6", "::1"],
    ] as const) {
      const server = http.createServer((_, answer) => answer.end(`hello by ${type}`));
      expect(await socketIn(net, { type, listen: { host }, server })).toBe(server);
      const port = portOf(server.address());
      const socket = await socketIn(net, { type, connect: { host, port }, from: { host } });
      socket.end("GET / HTTP/1.0\r\n\r\n");
      expect(await text(socket)).toContain(`hello by ${type}`);
      // Here nobody listens there.
      await expect(once(http.get({ host, port }), "response")).rejects.toMatchObject({ code: "ECONNREFUSED" });
      server.close();
    }
    expect(linksOfThreads().toSorted()).toEqual(before.toSorted());
  });

  test("makes datagram, unix and any other sockets", async () => {
    await using holder = await startHolder(["--net"]);
    await up(holder.pid);
    const net = `${holder.pid}/net`;
    const bound = await socketIn(net, { type: "udp4", bind: { host: "127.0.0.1" } });
    const other = await socketIn(net, { type: "udp4" });
    other.send("datagram", bound.address().port, "127.0.0.1");
    expect(String((await once(bound, "message"))[0])).toBe("datagram");
    bound.close();
    other.close();

    const path = `\0nsatlas-${holder.pid}`;
    const server = await socketIn(net, { type: "unix", listen: { path } });
    server.on("connection", (one) => one.end("abstract"));
    expect(await text(await socketIn(net, { type: "unix", connect: { path } }))).toBe("abstract");
    await expect(socketIn("self/net", { type: "unix", connect: { path } })).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
    server.close();

    using route = await socketIn(net, { type: "raw", socket: { domain: 16, type: 3 } });
    expect(readlinkSync(`/proc/self/fd/${route.raw}`)).toMatch(/^socket:/);
  });

  test("says what was refused, and by which call", async () => {
    await using holder = await startHolder(["--net", "--uts"]);
    await up(holder.pid);
    const net = `${holder.pid}/net`;
    const first = await socketIn(net, { type: "tcp4", listen: { host: "127.0.0.1" } });
    const port = portOf(first.address());
    await expect(socketIn(net, { type: "tcp4", listen: { host: "127.0.0.1", port } })).rejects.toMatchObject({
      name: "SyscallError",
      code: "EADDRINUSE",
      syscall: "bind",
      subject: `127.0.0.1:${port}`,
    });
    first.close();
    await expect(socketIn(net, { type: "tcp4", connect: { host: "127.0.0.1", port } })).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
    await expect(socketIn({ net: `${holder.pid}/uts` }, { type: "udp4" })).rejects.toMatchObject({
      code: "EINVAL",
      syscall: "setns CLONE_NEWNET",
    });
    await expect(socketIn(net, { type: "tcp4", listen: { host: "localhost" } })).rejects.toBeInstanceOf(RangeError);
    await expect(socketIn(net, { type: "udp4", signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
    // 10.255.255.1 has no route there, and nothing here is asked.
    await expect(socketIn(net, { type: "tcp4", connect: { host: "10.255.255.1", port: 1 } })).rejects.toMatchObject({
      code: "ENETUNREACH",
    });
  });

  test(
    "never asks setns for whatever kind there is, and an idle envoy keeps no program from ending",
    needs("package:strace"),
    async () => {
      await using holder = await startHolder(["--net"]);
      using folder = temporaryFolder();
      const [log, script] = [join(folder.path, "log"), join(folder.path, "run.mjs")];
      writeFileSync(
        script,
        `import { socketIn } from ${JSON.stringify(join(PRODUCT, "dist/index.js"))};
       const one = await socketIn("${holder.pid}/net", { type: "udp4" });
       const two = await socketIn("${holder.pid}/net", { type: "udp6" });
       one.close(); two.close();`,
      );
      const words = ["-f", "-e", "trace=setns", "-e", "signal=none", "-o", log];
      expect(await self.run("strace", [...words, process.execPath, script])).toMatchObject({ code: 0, stderr: "" });
      const calls = readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line.includes("setns("));
      expect(calls).toHaveLength(1);
      expect(calls[0]).toMatch(/setns\(\d+, CLONE_NEWNET\)\s+= 0$/);
    },
  );

  test(
    `leaves no descriptor, thread or process after ${SOCKETS} sockets`,
    async () => {
      await using holder = await startHolder(["--net"]);
      const net = `${holder.pid}/net`;
      const burst = async (count: number): Promise<void> => {
        for (let done = 0; done < count; done += 50) {
          const some = await Promise.all(
            Array.from({ length: 50 }, () => socketIn(net, { type: "raw", socket: { domain: 2, type: 1 } })),
          );
          for (const one of some) one[Symbol.dispose]();
        }
      };
      await burst(50);
      await sleep(IDLE_MS);
      const before = held();
      await burst(SOCKETS);
      await sleep(IDLE_MS);
      expect(held()).toEqual(before);
      expect(readdirSync("/proc/self/fd").length).toBe(before.fds);
    },
    SOCKETS * 5 + 20_000,
  );
});

describe("socketIn, as an ordinary user", ordinaryUser.needs, () => {
  test("works in a network namespace of a user namespace of one's own", needs("package:util-linux"), async () => {
    await using holder = await startHolder(["--user", "--map-root-user", "--net"], { ordinary: true });
    const code = `import { socketIn, execIn } from ${JSON.stringify(join(PRODUCT, "dist/index.js"))};
      const where = ["${holder.pid}/user", "${holder.pid}/net"];
      await execIn(where, "ip", ["link", "set", "lo", "up"]);
      const server = await socketIn(where, { type: "tcp4", listen: { host: "127.0.0.1", port: 80 } });
      server.on("connection", (one) => one.end("as an ordinary user"));
      const socket = await socketIn(where, { type: "tcp4", connect: { host: "127.0.0.1", port: 80 } });
      for await (const part of socket) console.log(String(part));
      server.close();`;
    const ran = await ordinaryUser.run(process.execPath, ["--input-type=module", "-e", code]);
    expect(ran).toMatchObject({ code: 0, stderr: "", stdout: "as an ordinary user\n" });
  });
});
