import { expect, test } from "vitest";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { describeAsEachViewer, PROGRAMS } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

const { actor } = drawnMachine(`
  user:init
    user:box by 1000
  net:blue of user:box empty pin /run/netns/blue
`);
const observer = new ModelObserver(() => actor.world, actor.first);
const run = (line: string, language: "en" | "fr" = "en") =>
  runProgram(["who", "--color=never", ...line.split(" ").filter(Boolean)], { observer, language, columns: 80 });

test("by reason and name, of a drawn world, in both languages", async () => {
  const { out, exit } = await run("net_admin net:blue");
  expect([exit, out.replaceAll(/\d{10}/g, "N")]).toMatchInlineSnapshot(`
    [
      0,
      "3 processes have CAP_NET_ADMIN over net:[N].
    It counts in user:[N].

    in user:[N] itself, by their effective set:
      - shell uid 1000: 4

    in user:[N], above it, by their effective set:
      - init uid 0: 1
      - shell uid 0: 2
    ",
    ]
  `);
  expect((await run("CAP_NET_ADMIN net:blue", "fr")).out.replaceAll(/\d{10}/g, "N")).toMatchInlineSnapshot(`
    "3 processus ont CAP_NET_ADMIN sur net:[N].
    Elle compte dans user:[N].

    dans user:[N] même, par leur jeu effectif :
      - shell uid 1000 : 4

    dans user:[N], au-dessus, par leur jeu effectif :
      - init uid 0 : 1
      - shell uid 0 : 2
    "
  `);
});

test("words that are off", async () => {
  for (const line of [
    "",
    "net_admin",
    "net_admim net:blue",
    "x net:blue",
    "net_admin nothing",
    "net_admin net:blue x",
  ]) {
    expect([line, (await run(line)).exit]).toEqual([line, 2]);
  }
  expect((await run("net_admim net:blue")).err).toMatch(/NET_ADMIN/);
});

const nsatlas = `${process.execPath} ${PROGRAMS.nsatlas}`;

describeAsEachViewer("who, on the running kernel", (viewer) => {
  test(
    "has the maker of a user namespace and whoever is in it, as the kernel lets in and not those who dropped it",
    needs("native", "user-namespaces", "package:util-linux"),
    async () => {
      const { stdout, code } = await viewer.run("bash", [
        "-c",
        `unshare -U --kill-child sleep 60 & up=$!; disown; trap 'kill -9 $up' EXIT
         until [ "$(readlink /proc/$up/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.05; done
         ${nsatlas} who sys_admin $up/user --all | grep -cE "[: ]($$|$up)( |$)"
         nsenter -U --preserve-credentials -t $up true; echo $?
         grep -l CapEff /proc/$up/status >/dev/null; grep CapEff /proc/$up/status | cut -f2`,
      ]);
      const [found, enters, set = ""] = stdout.trim().split("\n");
      // The child has executed a program as nobody of its own user namespace: its set is empty, unless root made it.
      const inside = BigInt(`0x${set}`) === 0n ? 0 : 1;
      expect([Number(found), enters, code]).toEqual([1 + inside, "0", 0]);
    },
  );
});
