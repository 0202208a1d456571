import { expect, test } from "vitest";
import { taskName } from "../../src/kernel/call.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { columnsOf } from "../../src/render/width.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { describeAsEachViewer, PROGRAMS } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

const { actor, nameOf } = drawnMachine(`
  user:init
    user:outer by 1000
      user:inner
  net:blue of user:inner
  net:host
`);
const observer = new ModelObserver(() => actor.world, actor.first);

/** With the names of the drawing in place of inodes, and of processes. */
async function caps(line: string, language: "en" | "fr" = "en") {
  const { namespaces } = JSON.parse((await runProgram(["list", "--json", "-o", "NS,TYPE,PID,DEV"], { observer })).out);
  let words = line;
  const back: [string, string][] = [];
  for (const { ns, type, pid, dev } of namespaces) {
    const name = nameOf(`${dev}/${ns}`);
    words = words.replaceAll(`<${name}>`, String(pid)).replaceAll(name, `${type}:${ns}`);
    back.push([`${type}:[${ns}]`, name]);
    if (!name.endsWith(":init")) back.push([`${pid} shell`, `<${name}>`], [`/proc/${pid}/`, `/proc/<${name}>/`]);
  }
  const { exit, out, err } = await runProgram(["caps", "--color=never", ...words.split(" ")], {
    observer,
    language,
    columns: 80,
  });
  const named = back.reduce((text, [from, to]) => text.replaceAll(from, to), out);
  return { exit, err, out: named, widest: Math.max(...out.split("\n").map(columnsOf)) };
}
const proof = ({ out }: { out: string }) => out.slice(0, out.indexOf("\n\n", out.indexOf("1. ")));

test("the owner of a user namespace has everything in it and below", async () => {
  const answer = await caps("<user:outer> net:blue");
  expect([answer.exit, answer.err]).toEqual([0, ""]);
  expect(answer.widest).toBeLessThanOrEqual(80);
  expect(proof(answer)).toMatchInlineSnapshot(`
    "<user:outer> has every capability over net:blue.

    How the kernel comes to that:
      1. net:blue belongs to user:inner: what a process can do there,
         it can do here.
         read from ioctl NS_GET_USERNS (net:blue): user:inner
      2. <user:outer> is in user:outer, the parent of user:inner, and has
         the effective uid 1000, which made user:inner: the owner has every
         capability there and below, whatever its sets say.
         read from ioctl NS_GET_PARENT (user:inner): user:outer;
         /proc/<user:outer>/ns/user: user:outer; ioctl NS_GET_OWNER_UID
         (user:inner): 1000; /proc/<user:outer>/status Uid: 1000"
  `);
  expect((await caps("1 user:inner")).out).toMatchInlineSnapshot(`
    "1 init has the capabilities of its effective set over user:inner.

    How the kernel comes to that:
      1. 1 init is neither in user:inner nor in its parent,
         user:outer: on from there.
         read from ioctl NS_GET_PARENT (user:inner): user:outer;
         /proc/1/ns/user: user:init
      2. 1 init is in user:init, the parent of user:outer, but uid
         1000 made user:outer, and its effective uid is 0: it does not own
         it.
         read from ioctl NS_GET_PARENT (user:outer): user:init;
         /proc/1/ns/user: user:init; ioctl NS_GET_OWNER_UID
         (user:outer): 1000; /proc/1/status Uid: 0
      3. 1 init is in user:init itself: its effective set decides.
         read from /proc/1/ns/user: user:init; /proc/1/status CapEff:
         000001ffffffffff

    Its sets, which count in its own user namespace and in those below:
      EFFECTIVE  PERMITTED  INHERITABLE  BOUNDING  AMBIENT  CAPABILITIES
      yes        yes        -            yes       -        all 41

    May still deny, or take away at the next execve:
      - no_new_privs is not set
      - whether seccomp filters its calls was not read
      - no file tells its securebits; they matter when it changes its ids or calls
        execve
    "
  `);
});

test("nobody has anything upwards or sideways", async () => {
  const answer = await caps("<user:inner> net:host");
  expect(answer.exit).toBe(1);
  expect(proof(answer)).toMatchInlineSnapshot(`
    "<user:inner> has no capability over net:host.

    How the kernel comes to that:
      1. net:host belongs to user:init: what a process can do there,
         it can do here.
         read from ioctl NS_GET_USERNS (net:host): user:init
      2. user:init does not lie below user:inner, which <user:inner> is
         in: nobody has a capability upwards or sideways.
         read from /proc/<user:inner>/ns/user: user:inner"
  `);
  expect((await caps("<user:outer> user:init")).exit).toBe(1);
});

test("in French, at 80 columns", async () => {
  const answer = await caps("<user:outer> net:host", "fr");
  expect(answer.widest).toBeLessThanOrEqual(80);
  expect(answer.out).toMatchInlineSnapshot(`
    "<user:outer> n'a aucune capacité sur net:host.

    Comment le noyau en arrive là :
      1. net:host appartient à user:init : ce qu'un processus peut
         faire là, il le peut ici.
         lu dans ioctl NS_GET_USERNS (net:host) : user:init
      2. user:init n'est pas sous user:outer, où est <user:outer> :
         personne n'a de capacité vers le haut ni de côté.
         lu dans /proc/<user:outer>/ns/user : user:outer

    Ses jeux, qui comptent dans son espace utilisateur et dans ceux d'en dessous :
      EFFECTIF  PERMIS  HÉRITABLE  LIMITE  AMBIANT  CAPACITÉS
      oui       oui     -          oui     -        toutes les 41

    Peut encore refuser, ou retirer au prochain execve :
      - no_new_privs n'est pas mis
      - si seccomp filtre ses appels n'a pas été lu
      - aucun fichier ne donne ses securebits ; ils comptent quand il change
        d'identité ou appelle execve
    "
  `);
});

test("what nobody read is said to be missing", async () => {
  const inside = new ModelObserver(() => actor.world, taskName("user:inner"));
  const { exit, out } = await runProgram(["caps", "1", "self/user"], { observer: inside, columns: 80 });
  expect(exit).toBe(3);
  expect(out.replaceAll(/\d{10}/g, "N")).toContain("the link 1/user was not read");
});

test("words that are off", async () => {
  for (const line of ["", "x", "1 nothing", "4000000", "1 self/net more"]) {
    expect([line, (await runProgram(["caps", ...line.split(" ").filter(Boolean)], { observer })).exit]).toEqual([
      line,
      line === "4000000" ? 1 : 2,
    ]);
  }
});

/** A child user namespace; then: who may do what, by nsatlas and by the kernel. */
const CHILD = `
  unshare -U --kill-child sleep 60 & up=$!; disown
  trap 'kill -9 $up 2>/dev/null' EXIT
  until [ "$(readlink /proc/$up/ns/user)" != "$(readlink /proc/self/ns/user)" ] && [ -n "$(readlink /proc/$up/ns/user)" ]; do sleep 0.05; done
`;

describeAsEachViewer("caps, on the running kernel", (viewer) => {
  test(
    "says what entering shows: the maker may go in, and whoever is inside may not come out",
    needs("native", "user-namespaces", "package:util-linux"),
    async () => {
      const nsatlas = `${process.execPath} ${PROGRAMS.nsatlas}`;
      const { stdout, code } = await viewer.run("bash", [
        "-c",
        `${CHILD}
         exec 2>/dev/null
         ${nsatlas} caps $$ $up/user >/dev/null; echo $?
         nsenter -U --preserve-credentials -t $up true; echo $?
         ${nsatlas} caps $up $$/user >/dev/null; echo $?
         nsenter -U --preserve-credentials -t $up nsenter --uts=/proc/$$/ns/uts true; echo $?
         ${nsatlas} caps $$/$$ --json | grep -c '"tid"'`,
      ]);
      expect([stdout.trim().split("\n"), code]).toEqual([["0", "0", "1", "1", "0"], 1]);
    },
  );
});
