import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { inconsistencies } from "../../src/snapshot/consistency.ts";
import { decodeSnapshot } from "../../src/snapshot/decode.ts";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import { redact } from "../../src/snapshot/redact.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

const POD = "1e597579_417e_482f_bf65_5fe170c3aebd";
const PAUSE = "d7dfb4a21fe1703a8537e60d5af248af729315d187b24a538102d14874c8117d";
const WEB = "a09bc17f5aa29b0dbdec9ede5f46cf1396d2405917ab02e6f1eb1019f388396e";
const DOCKER = "2403ccfe427f1dc7b6120dccb9ac58c2f8456950380d587a9f33ea7f00dd303d";
const OTHER = "9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d";
const slice = `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${POD}.slice`;

/** A pod of two containers with one network, a service with a network of its own, Docker with a container in it, a shell. */
const HOST = `
user:init
pid:init
pid:docker
net:pod
net:service
net:blue
net:docker
net:sandbox
uts:web
uts:docker
mount /run/netns/blue of net:blue
mount /run/docker/netns/0a1b2c3d4e5f of net:sandbox
task init pid 1 comm systemd cgroup /init.scope start 1
task pause pid 20 in net:pod parent init comm pause cgroup "${slice}/cri-containerd-${PAUSE}.scope" start 20
task web pid 30 in net:pod,uts:web parent init comm nginx cgroup "${slice}/cri-containerd-${WEB}.scope" start 30
task hosted pid 35 parent init comm node-agent cgroup "${slice}/cri-containerd-${OTHER}.scope" start 35
task daemon pid 50 in net:service parent init comm daemon cgroup /system.slice/daemon.service start 50
task first pid 60,1 in net:docker,uts:docker,pid:docker parent init comm app cgroup /docker/${DOCKER} start 60
task inner pid 61,2 in net:docker,uts:docker,pid:docker parent first comm sh cgroup "/docker/${DOCKER}/docker/${OTHER}" start 61
task shell pid 70 in net:docker parent init comm bash cgroup /user.slice/user-0.slice/session-3.scope start 70
`;

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
function world(text: string): string {
  const file = join(folder.path, "host.world");
  writeFileSync(file, text);
  return file;
}
const run = (words: readonly string[], text = HOST, columns?: number) =>
  runProgram([...words, "--world", world(text)], columns === undefined ? {} : { columns });

const names = async (words: readonly string[], text = HOST): Promise<readonly string[]> => {
  const { out } = await run(["list", "-J", "-o", "TYPE,PID,NAME", ...words], text);
  const { namespaces } = JSON.parse(out) as { namespaces: { type: string; pid: number | null; name: string | null }[] };
  return namespaces.flatMap(({ type, pid, name }) => (name === null ? [] : [`${type} ${pid}: ${name}`]));
};

describe("whose a namespace is", () => {
  test("by the cgroups of who is in it: what all agree on, and the machine's own are nobody's", async () => {
    expect(await names([])).toEqual([
      `pid 60: docker/${DOCKER}`,
      `net 20: pod/${POD.replaceAll("_", "-")}`,
      "net 50: daemon.service",
      "net null: blue",
      `net 60: docker/${DOCKER}`,
      "net null: docker-sandbox/0a1b2c3d4e5f",
      `uts 30: pod/${POD.replaceAll("_", "-")} > containerd/${WEB}`,
      `uts 60: docker/${DOCKER}`,
    ]);
  });

  test("is a column of filters", async () => {
    expect(await names(["-Q", 'NAME =~ "^docker/2403" && TYPE == "net"'])).toEqual([`net 60: docker/${DOCKER}`]);
    expect(await names(["-Q", 'NAME =~ "blue|daemon"'])).toEqual(["net 50: daemon.service", "net null: blue"]);
  });

  test("stands in the tree, in short, and the lines fit", async () => {
    const out = stripVTControlCharacters((await run(["tree", "-t", "net", "-t", "uts"], HOST, 80)).out);
    expect(out).toContain("pod/1e597579 ");
    expect(out).toContain("docker/2403ccfe427f");
    expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  test("is told with what says so", async () => {
    expect((await run(["show", "60/net"])).out.replaceAll(/\n +/g, " ")).toContain(
      `belongs to  docker/${DOCKER}: /proc/60/cgroup says 0::/docker/${DOCKER} (docker-folder) ` +
        "1 process with other namespaces besides, from elsewhere, share it",
    );
    expect((await run(["show", "20/net"])).out.replaceAll(/\n +/g, " ")).toContain(
      "(besteffort): /proc/20/cgroup says 0::",
    );
    const inner = (await run(["show", "30/uts"])).out.replaceAll(/\n +/g, " ");
    expect(inner).toContain("what stands behind > was made inside what stands before it");
    const { out } = await run(["show", "20/net", "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      traces: [
        {
          from: "cgroup",
          pid: 20,
          line: `0::${slice}/cri-containerd-${PAUSE}.scope`,
          parts: [{ kind: "pod", engine: "kubernetes", qos: "besteffort", pattern: "kubepods-slice" }],
        },
      ],
    });
  });

  test("is told by why and leaks, and a redacted snapshot has nothing of it", async () => {
    expect((await run(["why", "50/net"])).out).toContain("It belongs to daemon.service.");
    const leaks = await run(["leaks", "--as-seen"]);
    expect(leaks.out).toContain("docker-sandbox/0a1b2c3d4e5f");
    expect(JSON.parse((await run(["why", "50/net", "--json"])).out)).toHaveProperty("traces");
    const seen = await decodeSnapshot((await run(["tree", "--json"])).out);
    expect(encodeSnapshot(seen)).toMatch(/docker-netns/);
    expect(encodeSnapshot(redact(seen))).not.toMatch(/docker|kubepods|daemon\.service/);
    expect([...inconsistencies({ ...seen, redacted: true })].map(({ place }) => place.en)).toContain(
      `namespaces[${seen.namespaces.findIndex(({ traces }) => traces !== undefined)}].traces`,
    );
  });

  test("a snapshot keeps it", async () => {
    const file = join(folder.path, "whole.json");
    writeFileSync(file, (await run(["tree", "--json"])).out);
    expect((await runProgram(["why", "50/net", "--from", file])).out).toContain("It belongs to daemon.service.");
    expect((await runProgram(["list", "-n", "-o", "NAME", "-t", "uts", "-p", "60", "--from", file])).out.trim()).toBe(
      `docker/${DOCKER}`,
    );
  });
});

describe("whoever lies about it", () => {
  test("a container's inner cgroup is told behind the container's own, whoever is the older in it", async () => {
    const text = `user:init\nuts:box\ntask init pid 1 start 1\ntask evil pid 9 in uts:box parent init cgroup "/docker/${DOCKER}/docker-${OTHER}.scope" start 2\n`;
    expect(await names([], text)).toEqual([`uts 9: docker/${DOCKER} > docker/${OTHER}`]);
  });

  test("control characters are shown, not obeyed", async () => {
    const text = `user:init\nuts:box\ntask init pid 1 start 1\ntask evil pid 9 in uts:box parent init cgroup "/lxc.payload.\\u001b[31mred\\u202e" start 2\n`;
    for (const words of [["tree"], ["show", "9/uts"], ["why", "9/uts"], ["list", "-o", "+NAME"]]) {
      const { out } = await run(words, text);
      expect(out).toContain("red");
      // oxlint-disable-next-line no-control-regex
      expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
  });

  test("a path from above the viewer's cgroup root is told as such", async () => {
    const text = `user:init\nuts:box\ntask init pid 1 start 1\ntask next pid 9 in uts:box parent init cgroup "/../docker-${OTHER}.scope" start 2\n`;
    expect((await run(["show", "9/uts"], text)).out.replaceAll(/\n +/g, " ")).toContain(
      "the path begins at your own control group's root",
    );
  });

  test("before Linux 6.18, where nothing tells which net is the machine's own, none has a name by cgroup", async () => {
    const { out } = await run(["list", "-n", "-o", "TYPE,NAME", "-t", "net", "-t", "uts", "--kernel", "6.12"]);
    expect(out).toContain(`docker/${DOCKER}`);
    expect(out).not.toContain("daemon.service");
  });
});
