import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { asOrdinaryUser } from "../../support/ordinary-user.ts";
import { needs } from "../../support/needs.ts";
import { NSATLAS } from "./run-beside.ts";

const ENV = { PATH: `${process.execPath.replace(/\/[^/]*$/, "")}:/usr/sbin:/usr/bin:/sbin:/bin`, LC_ALL: "C.UTF-8" };

function run(
  words: readonly string[],
  how: { readonly stdio?: readonly (number | "ignore")[]; readonly ordinary?: boolean } = {},
) {
  const done = spawnSync(NSATLAS, ["run", ...words], {
    cwd: "/",
    env: ENV,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe", ...(how.stdio ?? [])],
    timeout: 20_000,
    ...(how.ordinary === true ? asOrdinaryUser() : {}),
  });
  return { code: done.status, signal: done.signal, out: done.stdout, err: done.stderr };
}

describe("--keep-fd", needs("native", "user-namespaces"), () => {
  const LS = ["sh", "-c", 'for n in /proc/$$/fd/*; do readlink $n; done | grep "^/dev/[zf]"; true'];

  test.each([
    ["in the command's own process", ["-r"]],
    ["behind the one that waits, which keeps none", ["-r", "--fork", "--uts"]],
  ])("the command has what is named and no other, %s", (_, words) => {
    const [kept, other] = [openSync("/dev/zero", "r"), openSync("/dev/full", "r")];
    try {
      const how = { stdio: [other, kept, other, kept], ordinary: true };
      const both = run([...words, "--keep-fd", "4", "--keep-fd=6", "--", ...LS], how);
      expect(both).toMatchObject({ code: 0, out: "/dev/zero\n/dev/zero\n" });
      expect(run([...words, "--", ...LS], how)).toMatchObject({ code: 0, out: "" });
    } finally {
      closeSync(kept);
      closeSync(other);
    }
  });

  test("one that is not open is refused, by its number, and nothing is run", () => {
    const { code, out, err } = run(["-r", "--keep-fd", "77", "echo", "ran"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/77[^]*EBADF|EBADF[^]*77/);
  });
});

describe("--timeout", needs("native", "user-namespaces"), () => {
  test("ends the command by SIGTERM, says so, and the exit status is 124", () => {
    const { code, out, err } = run([
      "-r",
      "--timeout",
      "1s",
      "sh",
      "-c",
      'trap "echo told; exit 0" TERM; while :; do sleep 0.05; done',
    ]);
    expect({ code, out }).toEqual({ code: 124, out: "told\n" });
    expect(err).toMatch(/^nsatlas: .*1/);
  });

  test("with --json in one line of JSON", () => {
    const { code, err } = run(["--json", "-r", "--timeout", "1s", "sleep", "60"]);
    expect(code).toBe(124);
    expect(JSON.parse(err)).toMatchObject({ error: { code: "ETIMEDOUT" } });
  });

  test("ends a pid namespace with all that is in it, a stopped command too", () => {
    expect(run(["-r", "-p", "-m", "--timeout", "1s", "sh", "-c", "sleep 50 & kill -STOP $$; sleep 50"])).toMatchObject({
      code: 124,
    });
    expect(run(["-r", "--timeout", "1s", "sh", "-c", "kill -STOP $$"])).toMatchObject({ code: 124 });
  });

  test("leaves a command that is over before alone: its exit status, or the signal it died by", () => {
    expect(run(["-r", "--timeout", "20s", "sh", "-c", "exit 6"])).toMatchObject({ code: 6, err: "" });
    expect(run(["-r", "--timeout", "20s", "sh", "-c", "kill -USR1 $$"])).toMatchObject({ signal: "SIGUSR1", err: "" });
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const)("passes %s on to the command", async (signal) => {
    const trap = `trap "echo got; exit 3" ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`;
    const child = spawn(NSATLAS, ["run", "-r", "--timeout", "20s", "sh", "-c", trap], {
      cwd: "/",
      env: ENV,
      stdio: ["ignore", "pipe", "inherit"],
    });
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      if (text.includes("ready")) child.kill(signal);
    });
    const [code] = (await once(child, "close")) as [number | null];
    expect({ code, out }).toEqual({ code: 3, out: "ready\ngot\n" });
  });
});

describe("--kill-child", needs("native", "root"), () => {
  test.each([
    ["", []],
    [" and another user", ["-S", "12345", "-G", "12345"]],
  ])("the command ends with the one that waits, with its own ids%s", async (_, ids) => {
    const words = ["run", "-u", "--kill-child", ...ids, "sh", "-c", "echo ready; exec sleep 60"];
    const child = spawn(NSATLAS, words, { cwd: "/", env: ENV, stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const start = performance.now();
    child.kill("SIGKILL");
    // The pipe is at its end once the command is gone, too.
    await once(child, "close");
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe("--owner", needs("native", "root"), () => {
  test("the new user namespace is that user's: its map files are, and who has no power over it cannot write them", () => {
    const look = "stat -c '%u %g' /proc/self/uid_map; cat /proc/self/uid_map; id -u; grep CapEff /proc/self/status";
    const { code, out } = run(["--owner=12345:23456", "sh", "-c", look]);
    expect({ code, out: out.replaceAll(/ +/g, " ").split("\n") }).toEqual({
      code: 0,
      out: ["65534 65534", "65534", "CapEff:\t0000000000000000", ""],
    });
  });

  test("and the ids outside, which NS_GET_OWNER_UID tells, whatever is mapped", async () => {
    const child = spawn(
      NSATLAS,
      [
        "run",
        "--owner=12345:23456",
        "--map-users=0:100000:10",
        "--map-groups=0:100000:10",
        "sh",
        "-c",
        "echo; exec sleep 60",
      ],
      {
        cwd: "/",
        env: ENV,
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    try {
      await once(child.stdout, "data");
      const shown = spawnSync(NSATLAS, ["show", `${child.pid}/user`, "--json"], { encoding: "utf8", env: ENV });
      expect(JSON.parse(shown.stdout)).toMatchObject({ creatorUid: { value: 12345 } });
    } finally {
      child.kill("SIGKILL");
    }
  });
});

test(
  "--keep-caps keeps them across another uid too; without it they are gone",
  needs("native", "root", "user-namespaces"),
  () => {
    const words = ["--map-users=0:0:1000", "--map-groups=0:0:1000", "-S", "5", "-G", "5", "grep", "CapEff"];
    const effective = (...more: readonly string[]): bigint =>
      BigInt(
        `0x${
          run([...more, ...words, "/proc/self/status"])
            .out.split("\t")[1]
            ?.trim() ?? ""
        }`,
      );
    expect(effective()).toBe(0n);
    expect(effective("--keep-caps")).toBeGreaterThan(0n);
  },
);

describe("--mount-binfmt", needs("native", "user-namespaces", "binfmt-misc"), () => {
  test.each([
    [
      "at its usual place, in a proc of the new pid namespace",
      ["-r", "-p", "-f", "--mount-binfmt"],
      "/proc/sys/fs/binfmt_misc",
    ],
    ["at DIR, which implies --user and --mount", ["--mount-binfmt=/mnt"], "/mnt"],
  ])("%s: an instance of its own, which nobody else sees", (_, words, at) => {
    const { code, out } = run(
      [...words, "sh", "-c", `grep -c ' ${at} .* - binfmt_misc ' /proc/self/mountinfo; ls ${at}`],
      { ordinary: true },
    );
    expect({ code, out }).toEqual({ code: 0, out: "1\nregister\nstatus\n" });
  });

  test("without a pid namespace of its own there is no proc to have it in: refused, with what helps", () => {
    const { code, out, err } = run(["-r", "--mount-binfmt", "echo", "ran"], { ordinary: true });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/EPERM[^]*--pid/);
  });
});
