import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ERRNOS } from "../../src/abi/errnos.ts";
import { ERRNO_NAME, ERRNO_TEXT, type Step } from "../../src/enter/step.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { launch, type Launched } from "./launch.ts";

const sh = (script: string): Step => ({ do: "exec", argv: ["/bin/sh", "-c", script] });
const says = { otherwise: `failed: ${ERRNO_NAME}, ${ERRNO_TEXT}.\n` };
const nowhere: Step = { do: "chdir", path: "/nowhere", says };

describe("a helper that somebody kills", needs("native"), () => {
  test("is told as that: no death by SIGPIPE without a word", () => {
    using folder = temporaryFolder();
    const killer = join(folder.path, "killer");
    // Called as newuidmap is: with the launcher's number. All its children but the caller of this are helpers.
    const script = "#!/bin/sh\nfor c in $(cat /proc/$1/task/$1/children); do [ $c = $$ ] || kill -KILL $c; done\n";
    writeFileSync(killer, script, { mode: 0o755 });
    const steps: Step[] = [
      { do: "helper", register: 1, steps: [] },
      { do: "map", program: killer, ranges: [] },
      { do: "release", register: 1, says },
      sh("echo on"),
    ];
    expect(launch(steps)).toEqual({ code: 1, signal: null, out: "", err: "failed: ECANCELED, Operation canceled.\n" });
  });

  test("is told, too, where it is what newuidmap was to do", () => {
    using folder = temporaryFolder();
    const suicide = join(folder.path, "suicide");
    writeFileSync(suicide, "#!/bin/sh\nkill -KILL $$\n", { mode: 0o755 });
    const { code, err } = launch([{ do: "map", program: suicide, ranges: [], says }, sh("echo on")]);
    expect({ code, err }).toEqual({ code: 1, err: "failed: ECANCELED, Operation canceled.\n" });
  });
});

describe("what fails is reported to a program instead of printed", needs("native"), () => {
  /** How the launcher ended, and its report: the number of the step, where closing descriptors is 0, and the errno. */
  function reported(steps: (report: number) => readonly Step[]): Launched & { readonly report: readonly number[] } {
    using folder = temporaryFolder();
    const file = join(folder.path, "report");
    const fd = openSync(file, "w");
    try {
      const launched = launch(steps(fd), { plan: { report: fd } });
      const bytes = readFileSync(file);
      const words = Array.from({ length: bytes.length / 4 }, (_, nth) => bytes.readInt32LE(nth * 4));
      return { ...launched, report: words };
    } finally {
      closeSync(fd);
    }
  }

  test("a step, with nothing on standard error", () => {
    const found = reported(() => [{ do: "chdir", path: "/" }, nowhere, sh("echo on")]);
    expect(found).toEqual({ code: 1, signal: null, out: "", err: "", report: [2, ERRNOS.ENOENT] });
  });

  test("a command that is not there, or cannot be run, in its own process or in a child", () => {
    const none: Step = { do: "exec", argv: ["/nowhere/it"], says };
    const folder: Step = { do: "exec", argv: ["/"], says };
    expect(reported(() => [none])).toMatchObject({ code: 127, err: "", report: [1, ERRNOS.ENOENT] });
    expect(reported(() => [folder])).toMatchObject({ code: 126, err: "", report: [1, ERRNOS.EACCES] });
    expect(reported(() => [{ do: "fork" }, none])).toMatchObject({ code: 127, err: "", report: [2, ERRNOS.ENOENT] });
  });

  test("a step of a helper, once", () => {
    const steps: Step[] = [
      { do: "helper", register: 1, steps: [nowhere] },
      { do: "release", register: 1, says },
      sh("echo on"),
    ];
    expect(reported(() => steps)).toMatchObject({ code: 1, out: "", err: "", report: [2, ERRNOS.ENOENT] });
  });

  test("nothing, once the command runs: it has no such descriptor, and nor has the one that waits where it is told so", () => {
    const look = sh('for p in $$ $PPID; do ls -l /proc/$p/fd | grep -c "/report"; done; true');
    expect(reported(() => [look]).out.split("\n")[0]).toBe("0");
    const closing = reported((report) => [{ do: "fork", parent: [{ do: "close", fd: report }] }, look]);
    expect(closing).toMatchObject({ code: 0, out: "0\n0\n", report: [] });
  });
});
