import { expect, test } from "vitest";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { PROGRAMS, root, describeAsEachViewer } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

const { actor } = drawnMachine(`
  user:init
    user:a by 1000
    user:b by 1001
`);
const observer = new ModelObserver(() => actor.world, actor.first);
const run = (line: string, language: "en" | "fr" = "en") =>
  runProgram(["ids", ...line.split(" ").filter(Boolean)], { observer, language, columns: 80 });

test("maps, overlaps and translations of a drawn world", async () => {
  const { out, exit } = await run("");
  expect(exit).toBe(0);
  expect(out.replaceAll(/\d{10}(?=\])/g, "N")).toMatchInlineSnapshot(`
    "NAMESPACE           ID      INSIDE IN THE PARENT HERE      COUNT
    user:[N]   uid gid      0                  0 4294967295
    ├─user:[N] uid gid      0             0    0 4294967295
    └─user:[N] uid gid      0             0    0 4294967295

    HERE: in user:[N], the user namespace of whoever looked.
    "
  `);
  const shared = await run("overlaps");
  expect(shared.exit).toBe(1);
  expect(shared.out.replaceAll(/\d{10}(?=\])/g, "N")).toMatchInlineSnapshot(`
    "  - uid 0-4294967294 here: user:[N], user:[N], below
        user:[N]
      - gid 0-4294967294 here: user:[N], user:[N], below
        user:[N]
    "
  `);
  expect(await run("translate 7 1/user self/net")).toEqual({ exit: 0, out: "7\n", err: "" });
});

test("in French", async () => {
  expect((await run("overlaps", "fr")).out.replaceAll(/\d{10}(?=\])/g, "N")).toContain(
    "ici : user:[N], user:[N], sous",
  );
  expect((await run("translate 7 1/user", "fr")).exit).toBe(2);
});

test("words that are off", async () => {
  const lines = [
    "bogus",
    "overlaps x",
    "translate",
    "translate x 1/user 1/user",
    "translate 4294967295 1/user 1/user",
    "-g",
    "translate 1 1/user 1/user x",
  ];
  for (const line of lines) expect([line, (await run(line)).exit]).toEqual([line, 2]);
});

const nsatlas = `${process.execPath} ${PROGRAMS.nsatlas}`;

test(
  "as the kernel translates: a process's uid, read inside a container and inside one in that",
  { ...root.needs, ...needs("root", "native", "user-namespaces", "package:util-linux") },
  async () => {
    const { stdout, code } = await root.run("bash", [
      "-c",
      `trap 'kill -9 $pids 2>/dev/null' EXIT
       unshare -U --kill-child sleep 60 & outer=$!; disown; pids="$pids $outer"
       until [ "$(readlink /proc/$outer/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.05; done
       printf '0 100000 1000\\n5000 200000 10\\n' | dd of=/proc/$outer/uid_map bs=4096 iflag=fullblock status=none; echo '0 100000 1000' >/proc/$outer/gid_map
       nsenter -U -t $outer unshare -U --kill-child sleep 60 & sleep 0.3
       inner=$(pgrep -P $! -x sleep || pgrep -n -x sleep); pids="$pids $! $inner"; disown
       nsenter -U -t $outer sh -c "echo '7 40 5' >/proc/$inner/uid_map"
       for id in 99999 100000 100042 100999 101000 200003 0 65534; do
         setpriv --reuid $id sleep 60 & one=$!; disown; pids="$pids $one"
         until grep -q "^Uid:.$id" /proc/$one/status; do sleep 0.02; done
         for where in $outer $inner; do
           kernel=$(nsenter -U --preserve-credentials -t $where awk '/^Uid/ { print $2 }' /proc/$one/status)
           ours=$(${nsatlas} ids translate $id self/user $where/user 2>/dev/null || echo 65534)
           back=$(${nsatlas} ids translate $ours $where/user self/user 2>/dev/null || echo none)
           echo "$id $kernel $ours $back"
         done
       done`,
    ]);
    expect(code).toBe(0);
    const rows = stdout
      .trim()
      .split("\n")
      .map((line) => line.split(" "));
    expect(rows).toHaveLength(16);
    expect(rows.filter(([, kernel, ours]) => kernel !== ours)).toEqual([]);
    expect(rows.filter(([id, kernel, , back]) => back !== (kernel === "65534" ? "none" : id))).toEqual([]);
    expect(rows.map(([, kernel]) => kernel)).toContain("5003");
    expect(rows.map(([, kernel]) => kernel)).toContain("9");
  },
);

describeAsEachViewer("ids, on the running kernel", (viewer) => {
  test(
    "lists the maps of the caller's own user namespaces",
    needs("native", "user-namespaces", "package:util-linux"),
    async () => {
      const { stdout, stderr, code } = await viewer.run("bash", [
        "-c",
        `unshare -Ur --kill-child sleep 60 & up=$!; disown; trap 'kill -9 $up' EXIT
       until [ "$(cat /proc/$up/uid_map | wc -l)" = 1 ] && [ "$(readlink /proc/$up/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.05; done
       ${nsatlas} ids translate 0 $up/user self/user; id -u
       ${nsatlas} ids translate 1 $up/user self/user; echo $?`,
      ]);
      expect(stderr).toMatch(/maps no uid 1/);
      const [ours, kernel, none] = stdout.trim().split("\n");
      expect([ours, none, code]).toEqual([kernel, "1", 0]);
    },
  );
});
