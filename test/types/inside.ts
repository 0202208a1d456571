import type { ChildProcess } from "node:child_process";
import type { Socket as DatagramSocket } from "node:dgram";
import http from "node:http";
import type { Server, Socket } from "node:net";
import {
  createNamespaces,
  execIn,
  openIn,
  openNamespace,
  readFileIn,
  socketIn,
  spawnIn,
  type Created,
  type CreatedKind,
  type Descriptor,
  type ExecInResult,
  type Namespace,
} from "../../src/index.ts";
import { same } from "./same.ts";

// What the compiler accepts and refuses; nothing here runs. `tsc -p .` fails where an expected error does not come.

export async function whereSomethingRuns(fd: number, pid: number): Promise<void> {
  using net = await openNamespace("net:blue");
  const child = spawnIn(net, "true");
  same<typeof child, ChildProcess>(true);
  spawnIn([net, "42/uts"], "true", ["word"], { stdio: "inherit", uid: 0, gid: "keep", groups: [1], cwd: "/" });
  spawnIn({ net: fd, mnt: "/proc/42/ns/mnt" }, "true");
  spawnIn({ process: pid, kinds: ["net", "mnt"] }, "true");
  // @ts-expect-error a number alone is a descriptor or a pid: nobody knows
  spawnIn(fd, "true");
  // @ts-expect-error there is no such kind
  spawnIn({ network: fd }, "true");
  // @ts-expect-error there is no such kind
  spawnIn({ process: pid, kinds: ["network"] }, "true");
  // @ts-expect-error there never is a shell
  spawnIn(net, "true", [], { shell: true });
}

export async function whatOutputIs(): Promise<void> {
  const text = await execIn("net:blue", "true");
  same<typeof text, ExecInResult>(true);
  same<typeof text.stdout, string>(true);
  const bytes = await execIn("net:blue", "true", [], { encoding: "buffer" });
  same<typeof bytes.stdout, Buffer>(true);
  same<Awaited<ReturnType<typeof readFileIn>>, Buffer>(true);
  using opened = await openIn("42/mnt", "/etc/hosts", 0, { mode: 0o600 });
  same<typeof opened, Descriptor>(true);
  // @ts-expect-error its output is what it gives
  await execIn("net:blue", "true", [], { stdio: "inherit" });
  // @ts-expect-error what is read is not made
  await readFileIn("42/mnt", "/etc/hosts", { mode: 0o600 });
}

export async function whatASocketIs(net: Namespace<"net">): Promise<void> {
  const plain = await socketIn(net, { type: "tcp4", listen: { port: 80 } });
  same<typeof plain, Server>(true);
  const own = await socketIn(net, { type: "tcp6", listen: {}, v6Only: true, server: http.createServer() });
  same<typeof own, http.Server>(true);
  const client = await socketIn(net, { type: "unix", connect: { path: "\0name" } });
  same<typeof client, Socket>(true);
  const datagrams = await socketIn(net, { type: "udp4", bind: { port: 53 } });
  same<typeof datagrams, DatagramSocket>(true);
  using raw = await socketIn(net, { type: "raw", socket: { domain: 16, type: 3 } });
  same<typeof raw, Descriptor>(true);
  // @ts-expect-error whoever connects says to which port
  await socketIn(net, { type: "tcp4", connect: { host: "127.0.0.1" } });
  // @ts-expect-error a unix socket has a path
  await socketIn(net, { type: "unix", listen: { port: 80 } });
  // @ts-expect-error datagrams are bound, and nobody listens
  await socketIn(net, { type: "udp4", listen: { port: 53 } });
}

export async function whatIsMade(): Promise<void> {
  using made = await createNamespaces({ kinds: ["user", "net"], maps: "root" });
  same<typeof made, Created<"user" | "net">>(true);
  same<typeof made.net, Namespace<"net">>(true);
  made.user.ownerUid();
  // @ts-expect-error it was not asked for
  made.uts.owner();
  same<CreatedKind & "pid", never>(true);
  // @ts-expect-error it lives by its first process
  await createNamespaces({ kinds: ["pid"] });
  // @ts-expect-error which to make has to be said
  await createNamespaces({ hostname: "box" });
}
