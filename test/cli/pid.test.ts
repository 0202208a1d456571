import { describe, expect, test } from "vitest";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { describeAsEachViewer, PROGRAMS } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

const WORLD = `
  pid:init
    pid:outer
      pid:inner
    pid:beside
`;

/** Of a machine of that release: what `nsatlas pid WORDS` prints. */
function machine(release?: string) {
  const { actor, nameOf } = drawnMachine(WORLD, release === undefined ? {} : { release });
  const observer = new ModelObserver(() => actor.world, actor.first);
  const run = (line: string) => runProgram(["pid", ...line.split(" ")], { observer });
  const list = () => runProgram(["list", "-n", "-r", "-t", "pid", "-o", "NS,PID,DEV"], { observer });
  /** Inode and lowest process of each drawn namespace. */
  const places = async () =>
    new Map(
      (await list()).out
        .trim()
        .split("\n")
        .map((line) => line.split(" "))
        .map(([ino = "", pid = "", dev = ""]) => [nameOf(`${dev}/${ino}`), { ino, pid }]),
    );
  return { run, places };
}

// Before Linux 6.11 there are no ioctls that translate.
describe.each([undefined, "6.10"])("pid, on a drawn world of Linux %s", (release) => {
  test("numbers of a process inwards, one of them, and back", async () => {
    const { run, places } = machine(release);
    const drawn = await places();
    const [outer, inner, beside] = ["pid:outer", "pid:inner", "pid:beside"].map((name) => drawn.get(name));
    if (outer === undefined || inner === undefined || beside === undefined) throw new Error("it is not drawn");

    const { out } = await run(inner.pid);
    const rows = out.split("\n").map((line) => line.trim().split(/ +/));
    expect(rows.slice(1, 4).map(([, number]) => number)).toEqual([inner.pid, expect.stringMatching(/^\d+$/), "1"]);
    expect(rows[3]?.[0]).toBe(`pid:[${inner.ino}]`);
    const middle = rows[2]?.[1] ?? "";

    expect(await run(`${inner.pid} --in pid:[${inner.ino}]`)).toEqual({ exit: 0, out: "1\n", err: "" });
    expect((await run(`${inner.pid} --in pid:[${outer.ino}]`)).out).toBe(`${middle}\n`);
    expect((await run(`1 --of pid:${inner.ino}`)).out).toBe(`${inner.pid}\n`);
    expect((await run(`${middle} --of ${outer.pid}/pid`)).out).toBe(`${inner.pid}\n`);
    expect((await run(`1@pid:[${inner.ino}] --in pid:[${outer.ino}]`)).out).toBe(`${middle}\n`);
    expect((await run(`1@pid:[${inner.ino}]`)).out).toBe(out);

    const by = JSON.parse((await run(`${inner.pid} --in pid:[${inner.ino}] --json`)).out).numbers[0].by;
    expect(by).toBe(release === undefined ? "ioctl NS_GET_TGID_IN_PIDNS" : "NStgid");

    expect(await run(`${inner.pid} --in pid:[${beside.ino}]`)).toMatchObject({ exit: 1, out: "" });
    expect(await run(`77777 --of pid:[${inner.ino}]`)).toMatchObject({ exit: 1, out: "" });
    expect(await run("4000000")).toEqual({
      exit: 1,
      out: "",
      err: "nsatlas: No process that nsatlas can see is 4000000.\n",
    });
  });
});

test("words that are off", async () => {
  const { run } = machine();
  for (const line of ["", "x", "1@net:[1]", "1 --in self/net", "1 --in self/pid --of self/pid", "self --of self/pid"]) {
    expect([line, (await run(line)).exit]).toEqual([line, 2]);
  }
});

/** Two nested pid namespaces; the numbers of the innermost process as /proc has them. */
const NESTED = `
  unshare -Urpf --mount-proc unshare -Urpf --mount-proc sleep 60 2>/dev/null & top=$!; disown
  trap 'kill -9 $inner $top' EXIT
  until inner=$(pgrep -x sleep -s 0 -n) && [ "$(wc -w </proc/$inner/status)" -gt 0 ] &&
    [ "$(awk '/^NSpid:/ { print NF }' /proc/$inner/status)" -ge 4 ]; do sleep 0.05; done
  awk '/^NSpid:/ { print $2, $3, $4 }' /proc/$inner/status
`;

describeAsEachViewer("pid, on the running kernel", (viewer) => {
  test(
    "translates as NSpid has it, by the kernel's ioctls and by a snapshot",
    needs("native", "user-namespaces", "package:util-linux"),
    async () => {
      const nsatlas = `${process.execPath} ${PROGRAMS.nsatlas}`;
      const { stdout, stderr, code } = await viewer.run("bash", [
        "-c",
        `${NESTED}
         n="${nsatlas} pid"
         $n $inner | awk 'NR > 1 { print $2 }' | tail -n 3 | xargs
         $n $inner --in $inner/pid
         $n 1 --of $inner/pid
         $n 1@$inner/pid | awk 'NR > 1 { print $2 }' | tail -n 3 | xargs
         $n $inner/$inner --in $inner/pid
         s=$(mktemp); ${nsatlas} snapshot -o $s
         $n $inner --in $inner/pid --from $s
         $n 1 --of $inner/pid --from $s; rm $s`,
      ]);
      expect([stderr, code]).toEqual(["", 0]);
      const [numbers = "", ...answers] = stdout.trim().split("\n");
      const [own = ""] = numbers.split(" ");
      expect(answers).toEqual([numbers, "1", own, numbers, "1", "1", own]);
    },
  );
});
