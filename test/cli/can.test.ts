import { describe, expect, test } from "vitest";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { OPERATION_NAMES } from "../../src/caps/operations.ts";
import { columnsOf } from "../../src/render/width.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { describeAsEachViewer, PROGRAMS } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

const { actor } = drawnMachine(`
  user:init
    user:box by 1000
  net:blue of user:box empty pin /run/netns/blue
  uts:host
`);
const observer = new ModelObserver(() => actor.world, actor.first);
const run = (line: string, language: "en" | "fr" = "en") =>
  runProgram(["can", "--color=never", ...line.split(" ").filter(Boolean)], { observer, language, columns: 80 });

/** The process in the container. */
const BOX = 4;

describe("can, of a drawn world", () => {
  test("a capability over a namespace: yes and no", async () => {
    expect((await run("1 net_admin net:blue")).exit).toBe(0);
    const { exit, out } = await run(`${BOX} CAP_SYS_ADMIN 1/uts`);
    expect([
      exit,
      out
        .replaceAll(/\d{10}/g, "N")
        .split("\n\n")
        .slice(0, 2),
    ]).toMatchInlineSnapshot(`
      [
        1,
        [
          "No: 4 shell does not have CAP_SYS_ADMIN over uts:[N].",
          "How the kernel comes to that:
        1. uts:[N] belongs to user:[N]: what a process can do there,
           it can do here.
           read from ioctl NS_GET_USERNS (uts:[N]): user:[N]
        2. user:[N] does not lie below user:[N], which 4 shell is
           in: nobody has a capability upwards or sideways.
           read from /proc/4/ns/user: user:[N]
        3. 4 shell does not have CAP_SYS_ADMIN in user:[N].",
        ],
      ]
    `);
  });

  test("operations, with their source, in both languages, at 80 columns", async () => {
    const { exit, out } = await run(`${BOX} kill pid:1`, "fr");
    expect([exit, out.replaceAll(/\d{10}/g, "N")]).toMatchInlineSnapshot(`
      [
        1,
        "Non : 4 shell ne peut pas envoyer n'importe quel signal à un processus (1 init).

      Comment le noyau en arrive là :
        1. 1 init est un autre processus.
        2. Ni l'uid réel ni l'effectif de 4 shell n'est celui, réel ou sauvé, de 1
           init.
        3. user:[N] n'est pas sous user:[N], où est 4 shell :
           personne n'a de capacité vers le haut ni de côté.
           lu dans /proc/4/ns/user : user:[N]
        4. 4 shell n'a pas CAP_KILL dans user:[N].

      Le noyau en décide dans kernel/signal.c kill_ok_by_cred, ainsi depuis Linux 3.8
      (user_namespaces(7)).

      Peut encore refuser, ou retirer au prochain execve :
        - no_new_privs n'est pas mis
        - si seccomp filtre ses appels n'a pas été lu
        - aucun fichier ne donne ses securebits ; ils comptent quand il change
          d'identité ou appelle execve
      ",
      ]
    `);
    for (const name of OPERATION_NAMES) {
      for (const language of ["en", "fr"] as const) {
        const lines = [
          `${BOX} ${name}`,
          `${BOX} ${name} pid:1`,
          `${BOX} ${name} host`,
          `${BOX} ${name} file:/x`,
          `${BOX} ${name} sysctl:kernel.x`,
        ];
        const ran = await Promise.all(lines.map((line) => run(line, language)));
        const answered = ran.filter((one) => one.exit !== 2);
        expect([name, answered.length > 0]).toEqual([name, true]);
        expect(answered.filter(({ exit, err }) => ![0, 1, 3].includes(exit) || err !== "")).toEqual([]);
        expect(Math.max(...answered.flatMap(({ out }) => out.split("\n").map(columnsOf)))).toBeLessThanOrEqual(80);
      }
    }
  });

  test("enter: the order, and the nearest change", async () => {
    const inside = await run(`1 enter net:blue ${BOX}/user`);
    expect(inside.exit).toBe(0);
    const { exit, out } = await run(`${BOX} enter 1/uts`);
    expect([
      exit,
      out
        .replaceAll(/\d{10}/g, "N")
        .split("\n\n")
        .at(-1),
    ]).toMatchInlineSnapshot(`
      [
        1,
        "It would succeed:
        - with CAP_SYS_ADMIN in user:[N]
      ",
      ]
    `);
  });

  test("enter: who would have to ask", async () => {
    const { actor } = drawnMachine(`
      user:init
        user:box by 1000
        user:other by 1001
      net:other of user:other
    `);
    const sideways = new ModelObserver(() => actor.world, actor.first);
    const told = await Promise.all(
      (["en", "fr"] as const).map(async (language) => {
        const words = ["can", "--color=never", "4", "enter", "8/net"];
        const { exit, out } = await runProgram(words, { observer: sideways, language, columns: 80 });
        return [exit, out.split("\n\n").at(-1)];
      }),
    );
    expect(told).toMatchInlineSnapshot(`
      [
        [
          1,
          "It would succeed:
        - with CAP_SYS_ADMIN in user:[4026531841]
        - as uid 1001 in user:[4026531837], which may enter user:[4026531841] first
      ",
        ],
        [
          1,
          "Cela réussirait :
        - avec CAP_SYS_ADMIN dans user:[4026531841]
        - comme uid 1001 dans user:[4026531837], qui peut d'abord entrer dans
          user:[4026531841]
      ",
        ],
      ]
    `);
  });

  test("words that are off", async () => {
    const lines = [
      "",
      "1",
      "1 bogus",
      "1 sethostnam",
      "1 net_admin",
      "1 enter",
      "1 kill",
      "1 kill net:blue",
      "1 sethostname net:blue",
      "1 sethostname dev:x",
      "1 kill pid:1 x",
    ];
    for (const line of lines) expect([line, (await run(line)).exit]).toEqual([line, 2]);
    expect((await run("1 sethostnam")).err).toMatch(/sethostname/);
    expect((await run("1 kill pid:4000000")).exit).toBe(3);
  });
});

/**
 * What a process may do, asked of nsatlas by itself, and then done: where nsatlas says yes it must work, where no it must fail.
 * Each call is harmless: it changes only what this process made, or is refused for its arguments after the permission check.
 */
const TRIALS = `
  told() { timeout 20 ${process.execPath} ${PROGRAMS.nsatlas} can $$ "$@" >/dev/null 2>&1; echo $?; }
  # NAME RESOURCE COMMAND…: what nsatlas says, what the kernel does.
  trial() { local name=$1 of=$2; shift 2; local said=$(told $name $of); ( "$@" ) >/dev/null 2>&1 </dev/null; echo "$name $said $?"; }
  refused() { "$@" 2>&1 | grep -qiE 'not permitted|permission denied' && return 1; return 0; }
  cd $dir
  # Linux checks the permission first, and then says EINVAL to a length of -1. Numbers of calls: x86-64.
  trial sethostname "" refused perl -e '$n = "x"; syscall(170, $n, -1) and die $!'
  trial chroot "" chroot / true
  # Whether an id has a number here is another question.
  if grep -q 4294967295 /proc/self/uid_map; then
    trial setuid "" setpriv --reuid 4242 true
    trial setgid "" setpriv --regid 4242 --keep-groups true
    trial chown file:$dir/others chown 4242 $dir/others
  fi
  trial setgroups "" setpriv --groups 4242 true
  trial drop-bounding "" refused perl -e 'syscall(157, 24, 0, 0, 0, 0) and die $!'
  trial unshare "" unshare -u true
  trial unshare-user "" unshare -U true
  trial mount "" refused perl -e '($n, $r, $t) = ("none", "/", "no-such-type"); syscall(165, $n, $r, $t, 0, 0) and die $!'
  trial raw-socket "" refused perl -MSocket -e 'socket(S, AF_INET, SOCK_RAW, 1) or die $!'
  trial bind-low-port "" refused perl -MSocket -e 'socket(S, AF_INET, SOCK_STREAM, 0); bind(S, sockaddr_in(77, INADDR_LOOPBACK)) or die $!'
  trial swapon "" refused perl -e '$n = "/dev/null"; syscall(167, $n, 0) and die $!'
  trial mknod "" mknod device c 1 3
  trial chmod file:$dir/others chmod 600 $dir/others
  trial write-sysctl sysctl:kernel.printk bash -c '[ -w /proc/sys/kernel/printk ] && exec 3>>/proc/sys/kernel/printk'
  trial kill pid:$other kill -0 $other
  trial open-ns-file pid:$other readlink /proc/$other/ns/net
  trial setns-uts $other/uts nsenter --uts=/proc/$other/ns/uts true
  trial setns-net $other/net nsenter --net=/proc/$other/ns/net true
  trial setns-ipc $other/ipc nsenter --ipc=/proc/$other/ns/ipc true
  trial setns-user $other/user nsenter --preserve-credentials --user=/proc/$other/ns/user true
`;
const HOLDERS = [
  ["as it is", "bash"],
  ["root of a user namespace with namespaces of its own", "unshare -Urnui bash"],
  ["in a user namespace without a map", "unshare -U bash"],
  ["root of a user namespace, in the machine's other namespaces", "unshare -Ur bash"],
  ["without capabilities in a user namespace", "unshare -Urnu setpriv --bounding-set -all --inh-caps -all bash"],
] as const;

describeAsEachViewer("can, against the running kernel", (viewer) => {
  test.each(HOLDERS)(
    "a process %s",
    { ...needs("native", "user-namespaces", "package:util-linux"), timeout: 120_000 },
    async (_, holder) => {
      const { stdout, code, stderr } = await viewer.run(
        "bash",
        [
          "-c",
          `export dir=$(mktemp -d); chmod 755 $dir; : >$dir/others; trap 'kill -9 $other 2>/dev/null; rm -rf $dir' EXIT
       unshare -Unui --kill-child sleep 100 & export other=$!; disown
       until [ "$(readlink /proc/$other/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.05; done
       ${holder} -c "$0"`,
          TRIALS,
        ],
        { timeoutMs: 110_000 },
      );
      expect([code, stdout.split("\n").length > 18, stderr]).toEqual([0, true, expect.anything()]);
      const rows = stdout
        .trim()
        .split("\n")
        .map((line) => line.split(" "));
      const wrong = rows.filter(([, said, did]) => (said === "0" && did !== "0") || (said === "1" && did === "0"));
      expect(wrong).toEqual([]);
      expect(rows.filter(([, said]) => said === "0" || said === "1").length).toBeGreaterThan(rows.length / 4);
    },
  );
});
