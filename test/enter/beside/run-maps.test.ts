import { chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { NEWER_LSNS } from "../../support/machine.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { asTester, ID, OWN } from "./as-tester.ts";
import { NSATLAS } from "./run-beside.ts";

const LOOK = ["sh", "-c", "cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups; id -u; id -g"];
const OURS = [NSATLAS, "run"];
const MAPS = [
  ["--map-auto"],
  ["--map-auto", "-r"],
  ["--map-auto", "-c"],
  ["--map-auto", "--map-user=5", "--map-group=7"],
  ["--map-users=auto", "--map-groups=auto", "-r"],
  ["--map-users=0:200000:100", "--map-groups=0:250000:100"],
  ["--map-users=1:200000:100", "--map-groups=1:250000:100", "-r"],
  ["-r", "--map-auto", "--setgroups", "allow"],
  ["-r", "--map-auto", "-S", "7", "-G", "8"],
  ["-r", "--map-auto", "-f", "-p", "--mount-proc"],
];

const lacking = needs("native", "root", "ordinary-user", "package:util-linux", "package:uidmap");
describe("ranges of ids that newuidmap and newgidmap write for an ordinary user", lacking, () => {
  describe("as the newer unshare has it", needs("newer-lsns"), () => {
    const theirs = [join(dirname(NEWER_LSNS), "unshare")];
    test.each([...MAPS, ["--map-subids"], ["--map-subids", "-r"]].map((words) => [words.join(" "), words] as const))(
      "%s",
      (_, words) => {
        const [one, other] = [asTester(theirs, [...words, ...LOOK]), asTester(OURS, [...words, ...LOOK])];
        expect({ code: other.code, out: other.out }).toEqual({ code: one.code, out: one.out });
      },
    );
  });

  test("--map-auto -r: the first line of the user's own, behind the user as root", () => {
    const { code, out, err } = asTester(OURS, ["--map-auto", "-r", ...LOOK]);
    const [uids, gids] = [200000, 250000].map((first) => ` 0 ${ID} 1\n 1 ${first} 1000\n`);
    expect({ code, out, err }).toEqual({ code: 0, out: `${uids}${gids}allow\n0\n0\n`, err: "" });
  });

  test("files of the new ids can be made and given away inside, and are the subordinate user's outside", () => {
    const made = 'f=$(mktemp); chown 3:4 $f; stat -c "%u %g" $f; rm $f';
    expect(asTester(OURS, ["--map-auto", "-r", "sh", "-c", made])).toEqual({ code: 0, out: "3 4\n", err: "" });
  });

  test("a range that is not the user's: newuidmap says so, and the command does not run", () => {
    const { code, out, err } = asTester(OURS, ["--map-users=0:100:10", "--map-groups=0:250000:10", "echo", "ran"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^newuidmap: [^]*nsatlas: execve newuidmap: EPERM[^]*\/etc\/subuid/);
  });

  test("with --json nsatlas says it, too, behind newuidmap's own words", () => {
    const { err } = asTester(OURS, ["--json", "--map-users=0:100:10", "--map-groups=0:250000:10", "echo", "ran"]);
    const said: unknown = JSON.parse(err.trim().split("\n").at(-1) ?? "");
    expect(said).toMatchObject({ error: { code: "EPERM", syscall: "execve", subject: "newuidmap" } });
  });

  test("a user without a line is told, and what to ask for", () => {
    const { code, out, err } = asTester(OURS, ["--map-auto", "echo", "ran"], { subids: OWN });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/tester[^]*\/etc\/subuid/);
  });

  test("without newuidmap on PATH that is what is said, by its name", () => {
    using folder = temporaryFolder();
    chmodSync(folder.path, 0o755);
    const bare = [
      "sh",
      "-c",
      `ln -s ${process.execPath} ${folder.path}/node 2>/dev/null; PATH=${folder.path} exec "$@"`,
    ];
    chmodSync(folder.path, 0o777);
    const { code, out, err } = asTester([...bare, "sh", ...OURS], ["--map-auto", "/bin/echo", "ran"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/newuidmap[^]*ENOENT/);
  });
});
