import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { GLYPHS } from "../../src/render/glyphs.ts";
import { treeText, type TreeOptions } from "../../src/render/tree.ts";
import { columnsOf } from "../../src/render/width.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { containerHost, largeMachine, MadeUpMachine, smallMachine } from "./machines.ts";

const PLAIN: TreeOptions = { width: 80, color: false, glyphs: GLYPHS["utf-8"], language: "en", all: false };
const draw = (seen: Snapshot, options: Partial<TreeOptions> = {}): string =>
  `\n${treeText(indexSnapshot(seen), { ...PLAIN, ...options })}`;

describe("a small machine", () => {
  test("has a line for each namespace", () => {
    expect(draw(smallMachine().seen())).toMatchInlineSnapshot(`
      "
      NAMESPACE                PROCS  PID  PROCESS
      user:[4026531837]     ●      4    1  /sbin/init splash
      ├─cgroup:[4026531835] ●      4    1  /sbin/init splash
      ├─ipc:[4026531839]    ●      4    1  /sbin/init splash
      ├─mnt:[4026531832]    ●      3    1  /sbin/init splash
      ├─net:[4026531833]    ●      4    1  /sbin/init splash
      ├─pid:[4026531836]    ●      4    1  /sbin/init splash
      ├─time:[4026531834]   ●      4    1  /sbin/init splash
      ├─uts:[4026531838]    ●      4    1  /sbin/init splash
      └─mnt:[4026532200]           1   61  [kdevtmpfs]

      9 namespaces: 1 cgroup, 1 ipc, 2 mnt, 1 net, 1 pid, 1 time, 1 user, 1 uts
      4 processes · ● your own
      "
    `);
  });
  test("in French", () => {
    expect(draw(smallMachine().seen(), { language: "fr" })).toMatchInlineSnapshot(`
      "
      ESPACE DE NOMS           PROCS  PID  PROCESSUS
      user:[4026531837]     ●      4    1  /sbin/init splash
      ├─cgroup:[4026531835] ●      4    1  /sbin/init splash
      ├─ipc:[4026531839]    ●      4    1  /sbin/init splash
      ├─mnt:[4026531832]    ●      3    1  /sbin/init splash
      ├─net:[4026531833]    ●      4    1  /sbin/init splash
      ├─pid:[4026531836]    ●      4    1  /sbin/init splash
      ├─time:[4026531834]   ●      4    1  /sbin/init splash
      ├─uts:[4026531838]    ●      4    1  /sbin/init splash
      └─mnt:[4026532200]           1   61  [kdevtmpfs]

      9 espaces de noms : 1 cgroup, 1 ipc, 2 mnt, 1 net, 1 pid, 1 time, 1 user, 1 uts
      4 processus · ● les vôtres
      "
    `);
  });
  test("in colour says the same", () => {
    const seen = smallMachine().seen();
    expect(draw(seen, { color: true }).replaceAll("\x1b", "␛")).toMatchInlineSnapshot(`
      "
      ␛[38;5;243mNAMESPACE␛[39m                ␛[38;5;243mPROCS␛[39m  ␛[38;5;243mPID␛[39m  ␛[38;5;243mPROCESS␛[39m
      ␛[1m␛[38;5;29muser:[4026531837]␛[39m␛[22m     ␛[1m␛[38;5;29m●␛[39m␛[22m      4    ␛[1m1␛[22m  /sbin/init splash
      ␛[38;5;243m├─␛[39m␛[38;5;98mcgroup:[4026531835]␛[39m ␛[1m␛[38;5;29m●␛[39m␛[22m      4    ␛[38;5;243m1␛[39m  ␛[38;5;243m/sbin/init splash␛[39m
      ␛[38;5;243m├─␛[39m␛[38;5;98mipc:[4026531839]␛[39m    ␛[1m␛[38;5;29m●␛[39m␛[22m      4    ␛[38;5;243m1␛[39m  ␛[38;5;243m/sbin/init splash␛[39m
      ␛[38;5;243m├─␛[39m␛[38;5;98mmnt:[4026531832]␛[39m    ␛[1m␛[38;5;29m●␛[39m␛[22m      3    ␛[38;5;243m1␛[39m  ␛[38;5;243m/sbin/init splash␛[39m
      ␛[38;5;243m├─␛[39m␛[38;5;98mnet:[4026531833]␛[39m    ␛[1m␛[38;5;29m●␛[39m␛[22m      4    ␛[38;5;243m1␛[39m  ␛[38;5;243m/sbin/init splash␛[39m
      ␛[38;5;243m├─␛[39m␛[38;5;98mpid:[4026531836]␛[39m    ␛[1m␛[38;5;29m●␛[39m␛[22m      4    ␛[38;5;243m1␛[39m  ␛[38;5;243m/sbin/init splash␛[39m
      ␛[38;5;243m├─␛[39m␛[38;5;98mtime:[4026531834]␛[39m   ␛[1m␛[38;5;29m●␛[39m␛[22m      4    ␛[38;5;243m1␛[39m  ␛[38;5;243m/sbin/init splash␛[39m
      ␛[38;5;243m├─␛[39m␛[38;5;98muts:[4026531838]␛[39m    ␛[1m␛[38;5;29m●␛[39m␛[22m      4    ␛[38;5;243m1␛[39m  ␛[38;5;243m/sbin/init splash␛[39m
      ␛[38;5;243m└─␛[39m␛[38;5;98mmnt:[4026532200]␛[39m           1   ␛[1m61␛[22m  [kdevtmpfs]

      ␛[1m9 namespaces: 1 cgroup, 1 ipc, 2 mnt, 1 net, 1 pid, 1 time, 1 user, 1 uts␛[22m
      ␛[38;5;243m4 processes · ● your own␛[39m
      "
    `);
    expect(stripVTControlCharacters(draw(seen, { color: true }))).toBe(draw(seen));
  });
});

describe("a host of containers", () => {
  test("at 80 columns: namespaces of one program stand together", () => {
    expect(draw(containerHost().seen())).toMatchInlineSnapshot(`
      "
      NAMESPACE                  PROCS    PID  PROCESS
      user:[4026531837]       ●      9      1  /sbin/init splash
      ├─cgroup:[4026531835]   ●      7      1  /sbin/init splash
      ├─ipc:[4026531839]      ●      7      1  /sbin/init splash
      ├─mnt:[4026531832]      ●      4      1  /sbin/init splash
      ├─net:[4026531833]      ●      7      1  /sbin/init splash
      ├─pid:[4026531836]      ●      7      1  /sbin/init splash
      ├─time:[4026531834]     ●     10      1  /sbin/init splash
      ├─uts:[4026531838]      ●      5      1  /sbin/init splash
      ├─net:[4026532215] blue        0  no process: mounted at /run/netns/blue
      ├─mnt:[4026532201]             1    420  /lib/systemd/systemd-udevd
      ├─uts:[4026532202]             1    420  /lib/systemd/systemd-udevd
      ├─cgroup:[4026532207]          1   2000  nginx: master process nginx -g daemon …
      ├─ipc:[4026532205]             1   2000  nginx: master process nginx -g daemon …
      ├─mnt:[4026532203]             1   2000  nginx: master process nginx -g daemon …
      ├─net:[4026532208]             1   2000  nginx: master process nginx -g daemon …
      ├─pid:[4026532206]             1   2000  nginx: master process nginx -g daemon …
      ├─uts:[4026532204]             1   2000  nginx: master process nginx -g daemon …
      ├─cgroup:[4026532213]          2   2030  postgres -c shared_buffers=512MB -c ma…
      ├─ipc:[4026532211]             2   2030  postgres -c shared_buffers=512MB -c ma…
      ├─mnt:[4026532209]             2   2030  postgres -c shared_buffers=512MB -c ma…
      ├─net:[4026532214]             2   2030  postgres -c shared_buffers=512MB -c ma…
      ├─pid:[4026532212]             2   2030  postgres -c shared_buffers=512MB -c ma…
      ├─uts:[4026532210]             2   2030  postgres -c shared_buffers=512MB -c ma…
      ├─mnt:[4026532200]             1     61  [kdevtmpfs]
      ├─user:[4026532219]            0  no process: held by 1 namespace, which it owns
      │ └─uts:[4026532220]           1  31000  sleep 1000
      └─user:[4026532216]            1  30000  podman unshare
        ├─net:[4026532218]           0  no process: mounted at /run/user/1000/netns/c…
        └─mnt:[4026532217]           1  30000  podman unshare

      29 namespaces: 3 cgroup, 3 ipc, 6 mnt, 5 net, 3 pid, 1 time, 3 user, 5 uts
      10 processes · ● your own
      "
    `);
  });
  test("at 200 columns: who runs it and where", () => {
    expect(draw(containerHost().seen(), { width: 200 })).toMatchInlineSnapshot(`
      "
      NAMESPACE                  PROCS    PID   UID  CGROUP                                    PROCESS
      user:[4026531837]       ●      9      1     0  /init.scope                               /sbin/init splash
      ├─cgroup:[4026531835]   ●      7      1     0  /init.scope                               /sbin/init splash
      ├─ipc:[4026531839]      ●      7      1     0  /init.scope                               /sbin/init splash
      ├─mnt:[4026531832]      ●      4      1     0  /init.scope                               /sbin/init splash
      ├─net:[4026531833]      ●      7      1     0  /init.scope                               /sbin/init splash
      ├─pid:[4026531836]      ●      7      1     0  /init.scope                               /sbin/init splash
      ├─time:[4026531834]     ●     10      1     0  /init.scope                               /sbin/init splash
      ├─uts:[4026531838]      ●      5      1     0  /init.scope                               /sbin/init splash
      ├─net:[4026532215] blue        0  no process: mounted at /run/netns/blue
      ├─mnt:[4026532201]             1    420     0  /system.slice/systemd-udevd.service       /lib/systemd/systemd-udevd
      ├─uts:[4026532202]             1    420     0  /system.slice/systemd-udevd.service       /lib/systemd/systemd-udevd
      ├─cgroup:[4026532207]          1   2000     0  /system.slice/docker-0a0a0a0a0a0a….scope  nginx: master process nginx -g daemon off;
      ├─ipc:[4026532205]             1   2000     0  /system.slice/docker-0a0a0a0a0a0a….scope  nginx: master process nginx -g daemon off;
      ├─mnt:[4026532203]             1   2000     0  /system.slice/docker-0a0a0a0a0a0a….scope  nginx: master process nginx -g daemon off;
      ├─net:[4026532208]             1   2000     0  /system.slice/docker-0a0a0a0a0a0a….scope  nginx: master process nginx -g daemon off;
      ├─pid:[4026532206]             1   2000     0  /system.slice/docker-0a0a0a0a0a0a….scope  nginx: master process nginx -g daemon off;
      ├─uts:[4026532204]             1   2000     0  /system.slice/docker-0a0a0a0a0a0a….scope  nginx: master process nginx -g daemon off;
      ├─cgroup:[4026532213]          2   2030   101  /system.slice/docker-0b0b0b0b0b0b….scope  postgres -c shared_buffers=512MB -c max_connections=300
      ├─ipc:[4026532211]             2   2030   101  /system.slice/docker-0b0b0b0b0b0b….scope  postgres -c shared_buffers=512MB -c max_connections=300
      ├─mnt:[4026532209]             2   2030   101  /system.slice/docker-0b0b0b0b0b0b….scope  postgres -c shared_buffers=512MB -c max_connections=300
      ├─net:[4026532214]             2   2030   101  /system.slice/docker-0b0b0b0b0b0b….scope  postgres -c shared_buffers=512MB -c max_connections=300
      ├─pid:[4026532212]             2   2030   101  /system.slice/docker-0b0b0b0b0b0b….scope  postgres -c shared_buffers=512MB -c max_connections=300
      ├─uts:[4026532210]             2   2030   101  /system.slice/docker-0b0b0b0b0b0b….scope  postgres -c shared_buffers=512MB -c max_connections=300
      ├─mnt:[4026532200]             1     61     0  /                                         [kdevtmpfs]
      ├─user:[4026532219]            0  no process: held by 1 namespace, which it owns
      │ └─uts:[4026532220]           1  31000     0  /                                         sleep 1000
      └─user:[4026532216]            1  30000  1000  /                                         podman unshare
        ├─net:[4026532218]           0  no process: mounted at /run/user/1000/netns/cni-5b8a0b8e-with-a-long-name
        └─mnt:[4026532217]           1  30000  1000  /                                         podman unshare

      29 namespaces: 3 cgroup, 3 ipc, 6 mnt, 5 net, 3 pid, 1 time, 3 user, 5 uts
      10 processes · ● your own
      "
    `);
  });
  test("in a pipe nothing is cut", () => {
    const lines = draw(containerHost().seen(), { width: undefined }).split("\n");
    expect(lines.find((line) => line.includes("cni-"))).toContain("/run/user/1000/netns/cni-5b8a0b8e-with-a-long-name");
    expect(lines.find((line) => line.includes("gunicorn"))).toBeUndefined();
    expect(lines.find((line) => line.includes("postgres"))).toContain(`docker-${"0b".repeat(32)}.scope`);
  });
  test("with ASCII alone", () => {
    expect(draw(containerHost(0).seen(), { glyphs: GLYPHS.ascii })).toMatchInlineSnapshot(`
      "
      NAMESPACE                  PROCS    PID  PROCESS
      user:[4026531837]       *      6      1  /sbin/init splash
      |-cgroup:[4026531835]   *      7      1  /sbin/init splash
      |-ipc:[4026531839]      *      7      1  /sbin/init splash
      |-mnt:[4026531832]      *      4      1  /sbin/init splash
      |-net:[4026531833]      *      7      1  /sbin/init splash
      |-pid:[4026531836]      *      7      1  /sbin/init splash
      |-time:[4026531834]     *      7      1  /sbin/init splash
      |-uts:[4026531838]      *      5      1  /sbin/init splash
      |-net:[4026532203] blue        0  no process: mounted at /run/netns/blue
      |-mnt:[4026532201]             1    420  /lib/systemd/systemd-udevd
      |-uts:[4026532202]             1    420  /lib/systemd/systemd-udevd
      |-mnt:[4026532200]             1     61  [kdevtmpfs]
      |-user:[4026532207]            0  no process: held by 1 namespace, which it owns
      | \`-uts:[4026532208]           1  31000  sleep 1000
      \`-user:[4026532204]            1  30000  podman unshare
        |-net:[4026532206]           0  no process: mounted at /run/user/1000/netns...
        \`-mnt:[4026532205]           1  30000  podman unshare

      17 namespaces: 1 cgroup, 1 ipc, 4 mnt, 3 net, 1 pid, 1 time, 3 user, 3 uts
      7 processes - * your own
      "
    `);
  });
  test("only some kinds, user namespaces being their frame", () => {
    expect(draw(containerHost().seen(), { kinds: new Set(["net"]) })).toMatchInlineSnapshot(`
      "
      NAMESPACE                  PROCS    PID  PROCESS
      user:[4026531837]       ●      9      1  /sbin/init splash
      ├─net:[4026531833]      ●      7      1  /sbin/init splash
      ├─net:[4026532215] blue        0  no process: mounted at /run/netns/blue
      ├─net:[4026532208]             1   2000  nginx: master process nginx -g daemon …
      ├─net:[4026532214]             2   2030  postgres -c shared_buffers=512MB -c ma…
      └─user:[4026532216]            1  30000  podman unshare
        └─net:[4026532218]           0  no process: mounted at /run/user/1000/netns/c…

      5 namespaces: 5 net
      10 processes · ● your own
      "
    `);
  });
  test("only so deep", () => {
    expect(draw(containerHost(0).seen(), { depth: 1, language: "fr" })).toMatchInlineSnapshot(`
      "
      ESPACE DE NOMS             PROCS  PID  PROCESSUS
      user:[4026531837]       ●      6    1  /sbin/init splash
      ├─cgroup:[4026531835]   ●      7    1  /sbin/init splash
      ├─ipc:[4026531839]      ●      7    1  /sbin/init splash
      ├─mnt:[4026531832]      ●      4    1  /sbin/init splash
      ├─net:[4026531833]      ●      7    1  /sbin/init splash
      ├─pid:[4026531836]      ●      7    1  /sbin/init splash
      ├─time:[4026531834]     ●      7    1  /sbin/init splash
      ├─uts:[4026531838]      ●      5    1  /sbin/init splash
      ├─net:[4026532203] blue        0  aucun processus : monté sur /run/netns/blue
      ├─mnt:[4026532201]             1  420  /lib/systemd/systemd-udevd
      ├─uts:[4026532202]             1  420  /lib/systemd/systemd-udevd
      ├─mnt:[4026532200]             1   61  [kdevtmpfs]
      └─user × 2                     1  avec 3 espaces de noms dessous (voir --depth …

      17 espaces de noms : 1 cgroup, 1 ipc, 4 mnt, 3 net, 1 pid, 1 time, 3 user, 3 uts
      5 sont repliés : --all les montre tous
      7 processus · ● les vôtres
      "
    `);
  });
});

describe("a large machine", () => {
  test("folds what is alike, and says how to see it", () => {
    expect(draw(largeMachine().seen())).toMatchInlineSnapshot(`
      "
      NAMESPACE                            PROCS   PID  PROCESS
      user:[4026531837]                 ●  19828     1  /sbin/init splash
      ├─cgroup:[4026531835]             ●  18612     1  /sbin/init splash
      ├─ipc:[4026531839]                ●  18612     1  /sbin/init splash
      ├─mnt:[4026531832]                ●  18471     1  /sbin/init splash
      ├─net:[4026531833]                ●  18472     1  /sbin/init splash
      ├─pid:[4026531836]                ●  18472     1  /sbin/init splash
      ├─time:[4026531834]               ●  20000     1  /sbin/init splash
      ├─uts:[4026531838]                ●  18612     1  /sbin/init splash
      ├─net × 199                              0  no process: (see -t net)
      ├─cgroup × 200                        1388  4026532271 (13), … (see -t cgroup)
      ├─ipc × 200                           1388  4026532269 (13), … (see -t ipc)
      ├─mnt × 201                           1389  4026532267 (13), … (see -t mnt)
      ├─net × 200                           1388  4026532272 (13), … (see -t net)
      ├─pid × 200                           1388  4026532270 (13), … (see -t pid)
      ├─uts × 200                           1388  4026532268 (13), … (see -t uts)
      ├─user:[4026533961]                      1  2528  sleep 1000
      │ └─user:[4026533962]                    1  2529  sleep 1000
      │   └─user:[4026533963]                  1  2530  sleep 1000
      │     └─user:[4026533964]                1  2531  sleep 1000
      │       └─user:[4026533965]              1  2532  sleep 1000
      │         └─user:[4026533966]            1  2533  sleep 1000
      │           └─user:[4026533967]          1  2534  sleep 1000
      │             └─user:[4026533968]        1  with 24 namespaces below (see --all)
      └─user × 140                           140  each with mnt net pid (see --all)

      2000 namespaces: 201 cgroup, 201 ipc, 342 mnt, 540 net, 341 pid, 1 time, 173
        user, 201 uts
      1985 are folded: --all shows every one
      20000 processes · ● your own
      "
    `);
  });
  test("shows everything when told to", () => {
    const lines = draw(largeMachine().seen(), { all: true }).split("\n");
    expect(lines.filter((line) => /:\[\d+\]/.test(line))).toHaveLength(2000);
  });
  test("shows all of the kinds asked for", () => {
    const text = draw(largeMachine().seen(), { kinds: new Set(["net"]) });
    expect(text.match(/net:\[/g)).toHaveLength(540);
  });
  test("is drawn within 100 ms", () => {
    const index = indexSnapshot(largeMachine().seen());
    // Processor time, and the best of a few: others use this machine too.
    const times = Array.from({ length: 5 }, () => {
      const start = process.cpuUsage();
      treeText(index, PLAIN);
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    expect(Math.min(...times)).toBeLessThan(100);
  });
});

describe("what is not there", () => {
  test("is said, with the reason", () => {
    const machine = smallMachine();
    const seen = machine.seen();
    const text = draw({
      ...seen,
      coverage: seen.coverage.map((row) =>
        row.source === "processes" ? { ...row, vanished: 2, refused: { EACCES: 3 }, notes: ["hidepid"] } : row,
      ),
      processes: seen.processes.map((process) =>
        process.pid === 1 ? { ...process, namespaces: {}, refused: { mnt: "EACCES", net: "EACCES" } } : process,
      ),
    });
    expect(text.slice(text.indexOf("\n\n"))).toMatchInlineSnapshot(`
      "

      9 namespaces: 1 cgroup, 1 ipc, 2 mnt, 1 net, 1 pid, 1 time, 1 user, 1 uts
      4 processes · ● your own
      Not visible: 3 processes (EACCES); the namespaces of 1 process (EACCES); 2
        processes that ended meanwhile.
      EACCES: these processes may only be looked into by who could trace them
        (ptrace(2)).
      /proc is mounted with hidepid: processes of other users are not in it.
      "
    `);
  });

  test("seen from inside a container's user namespace: owners are outside the view", () => {
    const machine = new MadeUpMachine();
    const seen = machine.seen();
    const outside = { refused: "EPERM", call: "ioctl NS_GET_USERNS", reason: "owner-outside-view" } as const;
    machine.process(7, "sleep 1", { user: machine.namespace("user") });
    const view = {
      ...seen,
      namespaces: seen.namespaces
        .filter(({ id }) => id !== machine.own.user)
        .map((one) => ({ ...one, owner: outside, ...(one.parent && { parent: outside }) })),
    };
    expect(draw(view)).toMatchInlineSnapshot(`
      "
      NAMESPACE                PROCS  PID  PROCESS
      user:[4026532200]            1    7  sleep 1
      user:[?]                        owner outside your view (EPERM)
      ├─cgroup:[4026531835] ●      1    7  sleep 1
      ├─ipc:[4026531839]    ●      1    7  sleep 1
      ├─mnt:[4026531832]    ●      1    7  sleep 1
      ├─net:[4026531833]    ●      1    7  sleep 1
      ├─pid:[4026531836]    ●      1    7  sleep 1
      ├─time:[4026531834]   ●      1    7  sleep 1
      └─uts:[4026531838]    ●      1    7  sleep 1

      8 namespaces: 1 cgroup, 1 ipc, 1 mnt, 1 net, 1 pid, 1 time, 1 user, 1 uts
      1 process · ● your own
      Not visible: the owners of 7 namespaces (EPERM); the parent of 1 namespace
        (EPERM).
      EPERM: they lie outside your own user namespace, or outside your own pid
        namespace.
      "
    `);
  });

  test.each([
    ["en", "EPERM from other calls:", "EPERM: they lie"],
    ["fr", "EPERM d'autres appels :", "EPERM : ils sont"],
  ] as const)("EPERM of a socket says nothing of where something lies, in %s", (language, said, unsaid) => {
    const seen = smallMachine().seen();
    const coverage = seen.coverage.map((row) =>
      row.source === "sockets" ? { ...row, asked: row.asked + 3, refused: { EPERM: 3 } } : row,
    );
    const drawn = draw({ ...seen, coverage }, { language });
    expect(drawn).toContain(said);
    expect(drawn).not.toContain(unsaid);
  });

  test("a device is shown where there are two", () => {
    const seen = smallMachine().seen();
    const other = seen.namespaces.map((one) => (one.kind === "net" ? { ...one, id: "0:5/7" as typeof one.id } : one));
    expect(draw({ ...seen, namespaces: other })).toMatch(/net:\[0:5\/7\]/);
  });
});

test("no line is wider than the terminal, however narrow it is and however deep the tree", () => {
  const machine = largeMachine();
  let nested = machine.own.user;
  for (let nth = 0; nth < 3000; nth += 1) nested = machine.namespace("user", nested);
  const seen = machine.seen();
  for (const width of [10, 20, 33, 80, 132, 200]) {
    for (const all of [false, true]) {
      const lines = draw(seen, { width, all }).split("\n");
      const widest = Math.max(...lines.map(columnsOf));
      expect(widest).toBeLessThanOrEqual(width);
    }
  }
});
