import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** newuidmap may be unpacked anywhere; its user is found by the caller's PATH, as by ours. */
const PATH = `${dirname(process.execPath)}:${process.env["PATH"]}:/usr/sbin:/usr/bin:/sbin:/bin`;
export const ID = 12345;
export const OWN = `somebody:${ID - 1}:5\n`;
const SUBIDS = `${OWN}tester:200000:1000\ntester:300000:7\n`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * By a user who has these lines in /etc/subuid and /etc/subgid: of a mount namespace of the test's own, as the machine's are
 * not ours. `before`: shell commands of root there.
 */
export function asTester(
  program: readonly string[],
  words: readonly string[],
  { subids = SUBIDS, before = [] }: { readonly subids?: string; readonly before?: readonly string[] } = {},
): Ended {
  using folder = temporaryFolder();
  chmodSync(folder.path, 0o755);
  const files = {
    passwd: `root:x:0:0::/root:/bin/sh\ntester:x:${ID}:${ID}::/:/bin/sh\n`,
    group: `root:x:0:\ntester:x:${ID}:\n`,
    subuid: subids,
    subgid: subids.replaceAll("00000:", "50000:"),
  };
  const binds = Object.entries(files).map(([name, text]) => {
    const path = join(folder.path, name);
    writeFileSync(path, text);
    return `mount --bind ${path} /etc/${name}`;
  });
  // A machine need not have all of them.
  const etc = `mkdir ${folder.path}/etc && cp -a /etc/nsswitch.conf /etc/ld.so.cache /etc/alternatives ${folder.path}/etc/ && cd ${folder.path}/etc && touch ${Object.keys(files).join(" ")} && cd / && mount --bind ${folder.path}/etc /etc`;
  const become = `exec setpriv --reuid ${ID} --regid ${ID} --clear-groups "$@"`;
  const script = [...before, etc, ...binds, become].join(" && ");
  const done = spawnSync("unshare", ["-m", "/bin/sh", "-c", script, "sh", ...program, ...words], {
    cwd: "/",
    encoding: "utf8",
    env: { PATH, LC_ALL: "C.UTF-8" },
    timeout: 20_000,
  });
  return { code: done.status, out: done.stdout.replaceAll(/ +/g, " "), err: done.stderr };
}
