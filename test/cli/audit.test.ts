import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { sarifIssues } from "../support/sarif.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { PROGRAMS, root } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const audit = async (world: string, ...words: string[]) => {
  const file = join(folder.path, "machine.world");
  writeFileSync(file, world);
  return runProgram(["audit", "--color=never", ...words, "--world", file], { columns: 80 });
};

/**
 * What runs on a Debian 12 with systemd and a desktop: services with a network, a host name or mounts of their own, a sandbox of
 * a browser and one of flatpak, each of the person who logged in.
 */
const CLEAN = `
user:init
  user:browser by 1000
  user:flatpak by 1000
pid:init
  pid:browser of user:browser
  pid:flatpak of user:flatpak
net:browser of user:browser
net:service
uts:service
ipc:flatpak of user:flatpak
mnt:service
mnt:flatpak of user:flatpak
task init pid 1 comm systemd cgroup /init.scope start 1
task kernel pid 2 comm kthreadd start 1
task journal pid 300 in uts:service parent init comm systemd-journal cgroup /system.slice/systemd-journald.service start 30
task udev pid 310 in uts:service,mnt:service parent init comm systemd-udevd cgroup /system.slice/systemd-udevd.service start 31
task logind pid 400 in mnt:service parent init comm systemd-logind cgroup /system.slice/systemd-logind.service start 40
task private pid 410 in net:service,mnt:service parent init comm upowerd cgroup /system.slice/upower.service start 41
task login pid 500 parent init comm systemd uid 1000 cgroup "/user.slice/user-1000.slice/user@1000.service/init.scope" start 50
task shell pid 510 parent login comm bash uid 1000 cgroup "/user.slice/user-1000.slice/session-2.scope" start 51
task chrome pid 520,1 in user:browser,pid:browser,net:browser parent shell comm chromium cgroup "/user.slice/user-1000.slice/user@1000.service/app.slice/app-chromium-1.scope" start 52
task bwrap pid 530,1 in user:flatpak,pid:flatpak,ipc:flatpak,mnt:flatpak parent shell comm bwrap cgroup "/user.slice/user-1000.slice/user@1000.service/app.slice/app-flatpak-org.gnome.Maps-2.scope" start 53
`;

describe("audit", () => {
  test("a clean Debian machine with a desktop: nothing serious, and nothing at all", async () => {
    const { exit, out, err } = await audit(CLEAN);
    expect([exit, err, out]).toEqual([0, "", "Nothing was found.\n"]);
  });

  test("the same with a container in its network: a warning, and the same as JSON and SARIF", async () => {
    const id = "0123456789abcdef".repeat(4);
    const world = `${CLEAN}task app pid 600 in mnt:service,uts:service parent init comm app uid 1000 cgroup /system.slice/docker-${id}.scope start 60\n`;
    const { exit, out } = await audit(world);
    expect([exit, out.split("\n").every((line) => line.length <= 80)]).toEqual([1, true]);
    expect(out).toMatch(/^warning: Container docker\s+0123456789abcdef/m);
    const json: { findings: { rule: string; severity: string; inputs: { list: string } }[] } = JSON.parse(
      (await audit(world, "--json")).out,
    );
    const rows = json.findings.map(({ rule, severity, inputs }) => `${severity} ${rule} ${inputs.list}`);
    expect(rows.filter((row) => row.startsWith("warning"))).toEqual([
      "warning host-namespace net",
      "warning host-namespace pid",
      "warning host-namespace ipc",
    ]);
    const log: { runs: { results: { level: string }[] }[] } = JSON.parse((await audit(world, "--format", "sarif")).out);
    expect([sarifIssues(log), log.runs[0]?.results.length]).toEqual([[], json.findings.length]);
  });
});

/** An OCI container of crun: every namespace of its own but those that are left out, these capabilities, a cgroup as Docker names it. */
function bundle(
  name: string,
  { without, capabilities }: { without: readonly string[]; capabilities: readonly string[] },
) {
  const path = join(folder.path, name);
  mkdirSync(join(path, "rootfs"), { recursive: true });
  const binds = ["/usr", "/bin", "/lib", "/lib64"].map((place) => ({
    destination: place,
    source: place,
    type: "bind",
    options: ["rbind", "ro"],
  }));
  const sets = ["bounding", "effective", "permitted"].map((set) => [set, capabilities]);
  const config = {
    ociVersion: "1.0.0",
    process: {
      user: { uid: 0, gid: 0 },
      cwd: "/",
      args: ["/bin/sleep", "60"],
      env: ["PATH=/usr/bin:/bin"],
      capabilities: Object.fromEntries(sets),
    },
    root: { path: "rootfs" },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev", type: "tmpfs", source: "tmpfs" },
      ...binds,
    ],
    linux: {
      cgroupsPath: `/docker/${name}`,
      namespaces: ["pid", "network", "ipc", "uts", "mount"]
        .filter((type) => !without.includes(type))
        .map((type) => ({ type })),
    },
  };
  writeFileSync(join(path, "config.json"), JSON.stringify(config));
  return path;
}

test(
  "real containers: one as Docker makes them has nothing serious, one with too much of the machine has",
  { ...needs("root", "native", "mounts-cgroup-v2", "package:crun", "package:util-linux"), timeout: 60_000 },
  async () => {
    const [plain, grave] = ["a1".repeat(32), "b2".repeat(32)];
    const one = bundle(plain, { without: [], capabilities: ["CAP_NET_BIND_SERVICE", "CAP_KILL"] });
    const other = bundle(grave, { without: ["network", "ipc"], capabilities: ["CAP_SYS_ADMIN"] });
    // In a mount namespace of its own version 2 is at /sys/fs/cgroup, whatever the machine has there.
    const { stdout, stderr, code } = await root.run(
      "unshare",
      [
        "-m",
        "bash",
        "-c",
        `mount -t cgroup2 none /sys/fs/cgroup || exit 9
         crun="crun --cgroup-manager=cgroupfs --root ${folder.path}/state"
         trap '$crun delete -f ${plain}; $crun delete -f ${grave}; rmdir /sys/fs/cgroup/docker/*/ /sys/fs/cgroup/docker 2>/dev/null' EXIT
         $crun run -d --bundle ${one} ${plain} </dev/null >/dev/null && $crun run -d --bundle ${other} ${grave} </dev/null >/dev/null || exit 8
         ${process.execPath} ${PROGRAMS.nsatlas} audit --format sarif`,
      ],
      { timeoutMs: 50_000 },
    );
    expect([code, stdout === "" ? stderr : ""]).toEqual([1, ""]);
    const log: { runs: { results: { level: string; ruleId: string; message: { text: string } }[] }[] } =
      JSON.parse(stdout);
    expect(sarifIssues(log)).toEqual([]);
    const of = (name: string) =>
      (log.runs[0]?.results ?? [])
        .filter(({ message }) => message.text.includes(name))
        .map(({ level, ruleId }) => `${level} ${ruleId}`);
    expect(of(plain)).toEqual(["note capable"]);
    expect(of(grave)).toEqual(["error capable", "warning host-namespace", "warning host-namespace"]);
  },
);

test(
  "alone in a pid namespace there is nothing serious to see",
  { ...needs("root", "native", "package:util-linux") },
  async () => {
    const { stdout, code } = await root.run("unshare", [
      "-pfmC",
      "--mount-proc",
      process.execPath,
      PROGRAMS.nsatlas,
      "audit",
      "--json",
    ]);
    const { findings }: { findings: { severity: string }[] } = JSON.parse(stdout);
    expect(findings.filter(({ severity }) => severity !== "note")).toEqual([]);
    expect([0, 3]).toContain(code);
  },
);
