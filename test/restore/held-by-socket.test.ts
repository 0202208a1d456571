import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SYSCALLS } from "../../src/abi/constants.ts";
import { decodeTopology } from "../../src/topology/image/decode.ts";
import { LiveScene } from "../support/live-scene.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { root } from "../support/viewers.ts";

const CLONE_NEWNET = 0x4000_0000;
const MTU = 60_000;
const { unshare, setns } = SYSCALLS[process.arch === "arm64" ? "aarch64" : "x86_64"];
/** Makes a network namespace, opens a socket there and goes back: from then on that socket alone keeps it. */
const HOLDER = `
  open(my $own, "<", "/proc/self/ns/net") or die;
  syscall(${unshare}, ${CLONE_NEWNET}) == 0 or die;
  system("ip", "link", "set", "lo", "mtu", "${MTU}") == 0 or die;
  socket(my $held, 2, 2, 0) or die;
  syscall(${setns}, fileno($own), 0) == 0 or die;
  close($own);
  $| = 1; print "ready\\n"; sleep 600;
`;
const NEEDS = ["root", "native", "kernel:pidfd-namespaces", "package:iproute2", "package:util-linux"] as const;

describe("a network namespace that only a socket keeps", needs(...NEEDS), () => {
  test("is in the image with its holder's lack told; it is restored where it is pinned, and left out elsewhere", async () => {
    using folder = temporaryFolder();
    const [image, pins] = [join(folder.path, "image.json"), join(folder.path, "pins")];
    const name = `test-${process.pid}-socket`;
    const readlink = (path: string): string => execFileSync("readlink", [path], { encoding: "utf8" }).trim();
    const own = readlink("/proc/self/ns/net");
    {
      using scene = new LiveScene(root);
      const holder = await scene.play(`exec perl -e '${HOLDER}'`);
      expect(readlink(`/proc/${holder}/ns/net`)).toBe(own);
      const taken = await root.nsatlas(["checkpoint", String(holder), "-o", image]);
      expect(taken).toMatchObject({ code: 0 });
      expect(taken.stdout).toMatch(/socket \d+ belongs to net/);
      expect(await root.nsatlas(["checkpoint", String(holder), "--strict", "-o", "/dev/null"])).toMatchObject({
        code: 4,
      });
    }
    const { namespaces, processes, findings } = await decodeTopology(readFileSync(image, "utf8"));
    const [held] = namespaces;
    expect(namespaces.map(({ kind }) => kind)).toEqual(["net"]);
    const label = held?.label ?? "";
    const degraded = new Map(findings.filter((one) => one.class === "degraded").map((one) => [one.code, one.element]));
    expect(Object.fromEntries(degraded)).toEqual({ "no-holder": label, "socket-holds": processes[0]?.label });

    const bare = await root.nsatlas(["restore", image, "--name", name, "--json"]);
    try {
      expect(bare).toMatchObject({ code: 0 });
      const { processes: made }: { processes: { pid: number }[] } = JSON.parse(bare.stdout);
      const pid = String(made[0]?.pid);
      expect(readlink(`/proc/${pid}/ns/net`)).toBe(own);
      expect(execFileSync("ls", [`/proc/${pid}/fd`], { encoding: "utf8" })).toBe("");
      expect(await root.nsatlas(["verify", image, "--against", name])).toMatchObject({ code: 0 });
    } finally {
      await root.nsatlas(["restore", "--undo", name]);
    }

    mkdirSync(pins);
    const pinned = await root.nsatlas(["restore", image, "--pin", pins, "--name", name]);
    try {
      expect(pinned).toMatchObject({ code: 0 });
      const inside = [`--net=${join(pins, label)}`, "ip", "-j", "link"];
      expect(JSON.parse(execFileSync("nsenter", inside, { encoding: "utf8" }))).toMatchObject([
        { ifname: "lo", mtu: MTU },
      ]);
    } finally {
      await root.nsatlas(["restore", "--undo", name]);
    }
  });
});
