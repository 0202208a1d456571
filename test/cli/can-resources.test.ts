import { describe, expect, test } from "vitest";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { columnsOf } from "../../src/render/width.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { describeAsEachViewer, PROGRAMS } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

const { actor } = drawnMachine(`
  user:init
    user:box by 1000
  net:blue of user:box empty pin /run/netns/blue
  mnt:box of user:box
`);
const observer = new ModelObserver(() => actor.world, actor.first);
const run = (line: string, language: "en" | "fr" = "en") =>
  runProgram(["can", "--color=never", ...line.split(" ")], { observer, language, columns: 80 });

describe("what an operation is done to, in a drawn world", () => {
  test("a mount: which one it is, and that it is changed from inside alone", async () => {
    const { exit, out } = await run("1 umount mount:/run/netns/blue");
    expect([
      exit,
      out
        .replaceAll(/\d{10}/g, "N")
        .split("\n\n")
        .slice(0, 2)
        .join("\n"),
    ]).toMatchInlineSnapshot(`
      [
        0,
        "Yes: 1 init can unmount (mount:/run/netns/blue, mnt:[N]).
      How the kernel comes to that:
        1. /run/netns/blue lies on the mount at /run/netns/blue (nsfs) of
           mnt:[N].
           read from mountinfo: 1 /run/netns/blue nsfs rw
        2. 1 init is in the mount namespace of mount:/run/netns/blue,
           mnt:[N]: nobody changes mounts from outside.
        3. mount:/run/netns/blue, mnt:[N] did not come locked from a more
           privileged mount namespace: 1 init may take it away.
        4. mnt:[N] belongs to user:[N]: what a process can do there,
           it can do here.
           read from ioctl NS_GET_USERNS (mnt:[N]): user:[N]
        5. 1 init is in user:[N] itself: its effective set decides.
           read from /proc/1/ns/user: user:[N]; /proc/1/status CapEff:
           000001ffffffffff
        6. 1 init has CAP_SYS_ADMIN in user:[N].",
      ]
    `);
    const outside = await run("8 umount mount:/run/netns/blue");
    expect([outside.exit, outside.out]).toEqual([1, expect.stringContaining("the call says EINVAL")]);
  });

  test("a mount that nobody is told of: unknown, with what would tell", async () => {
    const { exit, out } = await run("1 umount mount:/nowhere");
    expect([exit, out]).toEqual([3, expect.stringMatching(/no call\s+tells|not seen what is\s+mounted/)]);
  });

  test("the lines fit, in both languages", async () => {
    const lines = ["umount", "remount", "clear-mount-flags", "mount", "setns-mnt"].map(
      (one) => `1 ${one} mount:/run/netns/blue`,
    );
    for (const language of ["en", "fr"] as const) {
      const ran = await Promise.all(lines.map((line) => run(line, language)));
      expect(ran.map(({ exit }) => exit === 0 || exit === 3)).toEqual(lines.map(() => true));
      expect(Math.max(...ran.flatMap(({ out }) => out.split("\n").map(columnsOf)))).toBeLessThanOrEqual(80);
    }
  });

  test("words that are off", async () => {
    for (const word of ["sysctl:", "sysctl:../x", "sysctl:net/../../x", "socket:1", "dev:x", "mount:", "socket:x/1"]) {
      expect([word, (await run(`1 mount ${word}`)).exit]).toEqual([word, 2]);
    }
  });
});

/** The last one takes /proc away, in a mount namespace of its own. What nsatlas says of the shell that asks, and what the kernel does: a line each, `NAME SAID DID`. */
const TRIALS = `
  told() { timeout 20 ${process.execPath} ${PROGRAMS.nsatlas} can $$ "$@" >/dev/null 2>&1; echo $?; }
  trial() { local name=$1 of=$2; shift 2; local said=$(told \${name%+*} $of); ( "$@" ) >/dev/null 2>&1 </dev/null; echo "$name $said $?"; }
  mkdir $dir/own && mount -t tmpfs own $dir/own 2>/dev/null
  ip link set lo up 2>/dev/null
  exec 7<>/dev/udp/127.0.0.1/9
  trial clear-mount-flags mount:$dir/own mount -o remount,bind,rw $dir/own
  trial remount mount:$dir/own mount -o remount,size=1m $dir/own
  trial socket-mark socket:$$/7 perl -MSocket -e 'open(S, "+<&=7"); setsockopt(S, SOL_SOCKET, 36, 0) or die $!'
  trial socket-mark+outer socket:$$/8 perl -MSocket -e 'open(S, "+<&=8"); setsockopt(S, SOL_SOCKET, 36, 0) or die $!'
  trial configure-device dev:lo@$$/net ip link set lo mtu 65535
  trial write-sysctl+net sysctl:net.ipv4.ip_forward bash -c 'v=$(< /proc/sys/net/ipv4/ip_forward); echo $v >/proc/sys/net/ipv4/ip_forward'
  trial write-sysctl+ipc sysctl:kernel.msgmax bash -c 'v=$(< /proc/sys/kernel/msgmax); echo $v >/proc/sys/kernel/msgmax'
  trial write-sysctl+user sysctl:user.max_net_namespaces bash -c 'v=$(< /proc/sys/user/max_net_namespaces); echo $v >/proc/sys/user/max_net_namespaces'
  trial write-sysctl+read-only sysctl:kernel.osrelease bash -c 'echo x >/proc/sys/kernel/osrelease'
  trial read-file+own file:$dir/mine cat $dir/mine
  trial read-file+closed file:$dir/closed cat $dir/closed
  trial read-file+nobody file:/proc/1/oom_score cat /proc/1/oom_score
  trial umount+inherited mount:/proc umount -l /proc/.
`;
const HOLDERS = [
  ["in a mount namespace of its own, where it may have one", "$(unshare -m true 2>/dev/null && echo unshare -m) bash"],
  ["root of a user namespace, with namespaces of its own", "unshare -Urmni bash"],
] as const;

describeAsEachViewer("what an operation is done to, on the running kernel", (viewer) => {
  test.each(HOLDERS)(
    "%s",
    { ...needs("native", "user-namespaces", "package:util-linux", "package:iproute2"), timeout: 60_000 },
    async (_, holder) => {
      const { stdout, code, stderr } = await viewer.run(
        "bash",
        [
          "-c",
          `export dir=$(mktemp -d); chmod 755 $dir; : >$dir/mine; : >$dir/closed; chmod 0 $dir/closed
           exec 8<>/dev/udp/127.0.0.1/9
           trap 'rm -rf $dir' EXIT
           ${holder} -c "$0"`,
          TRIALS,
        ],
        { timeoutMs: 50_000 },
      );
      const rows = stdout
        .trim()
        .split("\n")
        .map((line) => line.split(" "));
      expect([code, rows.length, stderr]).toEqual([0, 13, expect.anything()]);
      expect(rows.filter(([, said]) => !["0", "1", "3"].includes(said ?? ""))).toEqual([]);
      const wrong = rows.filter(([, said, did]) => (said === "0" && did !== "0") || (said === "1" && did === "0"));
      expect(wrong).toEqual([]);
      expect(rows.filter(([, said]) => said !== "3").length).toBeGreaterThan(rows.length / 2);
    },
  );
});
