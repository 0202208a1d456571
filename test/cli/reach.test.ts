import { describe, expect, test } from "vitest";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { describeAsEachViewer, PROGRAMS, root } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

const { actor } = drawnMachine(`
  user:init
    user:box by 1000
  net:box of user:box
  net:blue of user:box empty pin /run/netns/blue
`);
const observer = new ModelObserver(() => actor.world, actor.first);
const run = (line: string, language: "en" | "fr" = "en") =>
  runProgram(["reach", "--color=never", ...line.split(" ").filter(Boolean)], { observer, language, columns: 80 });
const hideNumbers = (text: string): string => text.replaceAll(/\d{10}/g, "N");

describe("reach, of a drawn world", () => {
  test("from inside a container", async () => {
    const { out, exit } = await run("4");
    expect([exit, hideNumbers(out)]).toMatchInlineSnapshot(`
      [
        1,
        "4 shell does not reach CAP_SYS_ADMIN in the initial user namespace.
      It may make a user namespace of its own, and namespaces of each kind in it
      (unshare).

      Without a step (8 namespaces):
        - cgroup:[N]: in it
        - ipc:[N]: in it
        - mnt:[N]: in it
        - net:[N]: in it
        - pid:[N]: in it
        - time:[N]: in it
        - user:[N]: in it, with CAP_SYS_ADMIN over it
        - uts:[N]: in it

      In 1 step (2 namespaces):
        - net:[N]: in it, with CAP_SYS_ADMIN over it
          1. 4 shell joins net:[N] through /proc/6/ns/net (setns): by its
             capabilities in user:[N]
        - net:[N]: in it, with CAP_SYS_ADMIN over it
          1. 4 shell joins net:[N] through /run/netns/blue (setns): by its
             capabilities in user:[N]

      Provided that:
        - process 6 is dumpable, and was started in the user namespace it is in
        - the root of process 4 is that of its mount namespace
        - the folders above /run/netns/blue let it pass

      Not looked for: programs with set-id bits or file capabilities, other /proc
      mounts, sockets over which descriptors come, and whatever a process does when it
      is asked to.
      ",
      ]
    `);
    expect(hideNumbers((await run("4", "fr")).out)).toMatchInlineSnapshot(`
      "4 shell n'atteint pas CAP_SYS_ADMIN dans l'espace utilisateur initial.
      Il peut créer son propre espace utilisateur, et y créer des espaces de chaque
      type (unshare).

      Sans aucun pas (8 espaces) :
        - cgroup:[N] : dedans
        - ipc:[N] : dedans
        - mnt:[N] : dedans
        - net:[N] : dedans
        - pid:[N] : dedans
        - time:[N] : dedans
        - user:[N] : dedans, avec CAP_SYS_ADMIN dessus
        - uts:[N] : dedans

      En 1 pas (2 espaces) :
        - net:[N] : dedans, avec CAP_SYS_ADMIN dessus
          1. 4 shell rejoint net:[N] par /proc/6/ns/net (setns) : par ses
             capacités dans user:[N]
        - net:[N] : dedans, avec CAP_SYS_ADMIN dessus
          1. 4 shell rejoint net:[N] par /run/netns/blue (setns) : par ses
             capacités dans user:[N]

      Pourvu que :
        - le processus 6 est « dumpable », et a démarré dans son espace utilisateur
          actuel
        - la racine du processus 4 est celle de son espace de montage
        - les dossiers au-dessus de /run/netns/blue le laissent passer

      Non cherché : programmes à bits set-id ou à capacités de fichier, autres
      montages de /proc, sockets par où viennent des descripteurs, et ce qu'un
      processus fait quand on le lui demande.
      "
    `);
  });

  test("from outside, at most one step", async () => {
    const { out, exit } = await run("1 --depth 1");
    expect([exit, hideNumbers(out)]).toMatchInlineSnapshot(`
      [
        0,
        "1 init has CAP_SYS_ADMIN in the initial user namespace.
      It may make a user namespace of its own, and namespaces of each kind in it
      (unshare).

      Without a step (8 namespaces):
        - cgroup:[N]: in it, with CAP_SYS_ADMIN over it
        - ipc:[N]: in it, with CAP_SYS_ADMIN over it
        - mnt:[N]: in it, with CAP_SYS_ADMIN over it
        - net:[N]: in it, with CAP_SYS_ADMIN over it
        - pid:[N]: in it, with CAP_SYS_ADMIN over it
        - time:[N]: in it, with CAP_SYS_ADMIN over it
        - user:[N]: in it, with CAP_SYS_ADMIN over it
        - uts:[N]: in it, with CAP_SYS_ADMIN over it

      In 1 step (3 namespaces):
        - net:[N]: in it, with CAP_SYS_ADMIN over it
          1. 1 init joins net:[N] through /proc/2/fd/9 (setns): by its
             capabilities in user:[N]
        - net:[N]: in it, with CAP_SYS_ADMIN over it
          1. 1 init joins net:[N] through /run/netns/blue (setns): by its
             capabilities in user:[N]
        - user:[N]: in it, with CAP_SYS_ADMIN over it
          1. 1 init joins user:[N] through /proc/2/fd/8 (setns): by its
             capabilities in user:[N]

      There may be more: longer paths were not looked for (--depth).

      Provided that:
        - the root of process 1 is that of its mount namespace

      Not looked for: programs with set-id bits or file capabilities, other /proc
      mounts, sockets over which descriptors come, and whatever a process does when it
      is asked to.
      ",
      ]
    `);
  });

  test("as pictures", async () => {
    for (const format of ["dot", "mermaid", "svg"]) {
      const { out, exit } = await run(`4 --format ${format}`);
      expect([exit, hideNumbers(out)]).toMatchSnapshot();
      expect((await run(`4 --format ${format}`)).out).toBe(out);
    }
  });
});

test("words that are off", async () => {
  for (const line of ["", "4 5", "nobody", "4 --depth x", "4 --format png"]) {
    expect([line, (await run(line)).exit]).toEqual([line, 2]);
  }
});

const nsatlas = `${process.execPath} ${PROGRAMS.nsatlas}`;

describeAsEachViewer("reach, on the running kernel", (viewer) => {
  test(
    "the maker of a user namespace gets into it and what it owns, as nsenter does",
    needs("native", "user-namespaces", "package:util-linux"),
    async () => {
      const { stdout, code } = await viewer.run("bash", [
        "-c",
        `unshare -Un --kill-child sleep 60 & up=$!; disown; trap 'kill -9 $up' EXIT
         until [ "$(readlink /proc/$up/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
         readlink /proc/$up/ns/user /proc/$up/ns/net
         ${nsatlas} reach $$ --json
         nsenter -U -n --preserve-credentials -t $up readlink /proc/self/ns/user /proc/self/ns/net`,
      ]);
      const lines = stdout.trim().split("\n");
      const [user = "", net = ""] = lines;
      expect([code, lines.slice(-2)]).toEqual([0, [user, net]]);
      const answer: unknown = JSON.parse(lines.slice(2, -2).join("\n"));
      const reached: unknown = Reflect.get(Object(answer), "reached");
      const found = (Array.isArray(reached) ? reached : []).filter((one: unknown) => {
        const id = String(Reflect.get(Object(one), "namespace"));
        return [user, net].some((name) => name.includes(`[${id.slice(id.indexOf("/") + 1)}]`));
      });
      const insides = found.map((one: unknown) => {
        const path: unknown = Reflect.get(Object(one), "inside");
        return Array.isArray(path) && path.length > 0;
      });
      expect(insides).toEqual([true, true]);
    },
  );
});

/** The path to a namespace, by its link text, of an answer as JSON: the ways of its steps. */
function waysTo(json: string, link: string): unknown {
  const answer: unknown = JSON.parse(json);
  const reached: unknown = Reflect.get(Object(answer), "reached");
  const inode = /\[(\d+)\]/.exec(link)?.[1];
  for (const one of Array.isArray(reached) ? reached : []) {
    const id = String(Reflect.get(Object(one), "namespace"));
    if (id.slice(id.indexOf("/") + 1) !== inode) continue;
    const path: unknown = Reflect.get(Object(one), "inside");
    return (Array.isArray(path) ? path : []).map((step: unknown) => {
      const how: unknown = Reflect.get(Object(step), "how");
      const through: unknown = Reflect.get(Object(how), "through");
      return [Reflect.get(Object(how), "way"), Reflect.get(Object(through), "by")].filter((word) => word !== undefined);
    });
  }
  return undefined;
}

describeAsEachViewer("reach, by what is mounted", (viewer) => {
  test(
    "a namespace that a bind mount alone keeps is joined by its path, as nsenter does",
    needs("native", "user-namespaces", "package:util-linux"),
    async () => {
      const { stdout, code } = await viewer.run("bash", [
        "-c",
        `dir=$(mktemp -d); export dir; trap 'rm -rf $dir' EXIT
         unshare -Urm bash -c '
           mount -t tmpfs none $dir; : >$dir/pin
           unshare --net=$dir/pin true
           ${nsatlas} reach $$ --json
           nsenter --net=$dir/pin readlink /proc/self/ns/net'`,
      ]);
      const lines = stdout.trim().split("\n");
      const net = lines.pop() ?? "";
      expect([code, waysTo(lines.join("\n"), net)]).toEqual([0, [["join", "mount"]]]);
    },
  );
});

test(
  "who may be any user gets into a user namespace of one, as setpriv and nsenter do",
  needs("root", "native", "user-namespaces", "package:util-linux"),
  async () => {
    const { stdout, code } = await root.run("bash", [
      "-c",
      `setpriv --reuid 4242 --clear-groups unshare -U --kill-child sleep 60 & up=$!; disown
       bound="setpriv --inh-caps -all --bounding-set -all,+setuid"
       $bound sleep 60 & who=$!; disown; trap 'kill -9 $up $who' EXIT
       until [ "$(readlink /proc/$up/ns/user)" != "$(readlink /proc/self/ns/user)" ]; do sleep 0.05; done
       until [ "$(cat /proc/$who/comm)" = sleep ]; do sleep 0.05; done
       ${nsatlas} reach $who --json; readlink /proc/$up/ns/user
       $bound nsenter -U --preserve-credentials -t $up readlink /proc/self/ns/user 2>/dev/null || echo refused
       $bound setpriv --reuid 4242 --keep-groups nsenter -U --preserve-credentials -t $up readlink /proc/self/ns/user`,
    ]);
    const [json = "", user = "", ...rest] = stdout.trim().split("\n");
    expect([code, rest]).toEqual([0, ["refused", user]]);
    expect(waysTo(json, user)).toEqual([["become"], ["take-over"]]);
  },
);
