import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { playDemo, type Demo } from "../../src/demo/demo.ts";
import { demoJson } from "../../src/demo/json.ts";
import { demoText } from "../../src/demo/text.ts";
import { must } from "../../src/kernel/build-world.ts";
import { taskName } from "../../src/kernel/call.ts";
import { ModelActor } from "../../src/kernel/model/actor.ts";
import type { Machine } from "../../src/kernel/model/boot.ts";
import type { Language } from "../../src/messages/sentence.ts";
import { columnsOf } from "../../src/render/width.ts";

const { flag: CLONE_NEWUSER } = NAMESPACE_KINDS.user;
const machine = (like: Machine = {}) => ({ actor: new ModelActor(like), release: like.release ?? "6.18" });
const page = (demo: Demo, language: Language = "en", color = false): string =>
  demoText(demo, { width: 80, color, language });

/** A machine on which namespaces were made before, so that its numbers are others. */
function usedMachine() {
  const used = machine({ uid: 1000 });
  for (const name of ["one", "two"]) {
    must(used.actor, used.actor.first, { op: "clone", flags: CLONE_NEWUSER, as: taskName(name) });
  }
  return used;
}

/** A machine whose viewer has ids that are not mapped, and so may make no user namespace. */
function confinedMachine() {
  const confined = machine({ uid: 1000 });
  must(confined.actor, confined.actor.first, { op: "unshare", flags: CLONE_NEWUSER });
  return confined;
}

/** A machine whose viewer is in a user namespace that is not the initial one, as in a container. */
function containedMachine() {
  const contained = machine();
  const { actor } = contained;
  const { first } = actor;
  const inside = taskName("inside");
  must(actor, first, { op: "clone", flags: CLONE_NEWUSER, as: inside });
  for (const file of ["uid_map", "gid_map"] as const) {
    must(actor, first, { op: "write", of: inside, file, text: "0 0 4294967295" });
  }
  const fd = must(actor, first, { op: "open", of: inside, link: "user" });
  must(actor, first, { op: "setns", fd, nstype: CLONE_NEWUSER });
  return contained;
}

describe("the demo's page", () => {
  test("has every command with both answers, and why they are so", () => {
    expect(page(playDemo(usedMachine(), machine({ uid: 1000 })))).toMatchInlineSnapshot(`
      "The sessions of the manual page ioctl_ns(2), on the running kernel and on
      nsatlas's model of it.

      1. The parent of your user namespace
         $ readlink /proc/self/ns/user
           kernel  user:[4026531837]
           model   user:[4026531837]
         $ ns_show /proc/self/ns/user p
           kernel  parent namespace: outside your namespace scope
           model   parent namespace: outside your namespace scope
         EPERM: The parent is neither the caller's own namespace nor one below it, so
         the kernel does not show it.
         This is the initial user namespace: it has no parent at all, and whoever asks
         gets the same refusal as for one that is out of sight. Being root makes no
         difference.

      2. The owner of a new UTS namespace
         $ unshare -Uu sleep 1000 & pid=$!
           kernel  process 5
           model   process 3
         $ ns_show /proc/$pid/ns/uts u
           kernel  owning user namespace: [0,4] / 4026531842
           model   owning user namespace: [0,4] / 4026531840
         $ readlink /proc/$pid/ns/user
           kernel  user:[4026531842]
           model   user:[4026531840]
         A namespace belongs to the user namespace that its maker is in. Of namespaces
         made together the user namespace comes first, so it owns the others.

      3. The parent of a new user namespace
         $ readlink /proc/self/ns/user
           kernel  user:[4026531837]
           model   user:[4026531837]
         $ ns_show /proc/$pid/ns/user p
           kernel  parent namespace: [0,4] / 4026531837
           model   parent namespace: [0,4] / 4026531837
         The parent is the user namespace that the maker was in: here the initial one.

      4. The same questions from inside a new user namespace
         $ PS1="inside$ " unshare -U sh
           kernel  process 6
           model   process 4
         inside$ ns_show /proc/self/ns/user p
           kernel  parent namespace: outside your namespace scope
           model   parent namespace: outside your namespace scope
         inside$ ns_show /proc/self/ns/uts u
           kernel  owning user namespace: outside your namespace scope
           model   owning user namespace: outside your namespace scope
         EPERM: The parent is neither the caller's own namespace nor one below it, so
         the kernel does not show it.
         EPERM: The owning user namespace is neither the caller's own nor one below
         it, so the kernel does not show it.
         Whoever moves to a new user namespace sees nothing above it any more. The UTS
         namespace is the same as before, and so is its owner, which is above now.

      Linux 6.18 and the model agree in all 4 sessions.
      "
    `);
  });
  test("in French", () => {
    expect(page(playDemo(usedMachine(), machine({ uid: 1000 })), "fr")).toMatchInlineSnapshot(`
      "Les sessions de la page de manuel ioctl_ns(2), sur ce noyau et sur le modèle
      qu'en a nsatlas.

      1. Le parent de votre espace de noms utilisateur
         $ readlink /proc/self/ns/user
           noyau   user:[4026531837]
           modèle  user:[4026531837]
         $ ns_show /proc/self/ns/user p
           noyau   espace de noms parent : hors de portée de vos espaces de noms
           modèle  espace de noms parent : hors de portée de vos espaces de noms
         EPERM : Le parent n'est ni l'espace de noms de l'appelant ni l'un de ses
         descendants : le noyau ne le montre pas.
         C'est l'espace de noms utilisateur initial : il n'a aucun parent, et la
         question reçoit le même refus que pour un parent hors de portée. Être root
         n'y change rien.

      2. Le propriétaire d'un nouvel espace de noms UTS
         $ unshare -Uu sleep 1000 & pid=$!
           noyau   processus 5
           modèle  processus 3
         $ ns_show /proc/$pid/ns/uts u
           noyau   espace de noms utilisateur propriétaire : [0,4] / 4026531842
           modèle  espace de noms utilisateur propriétaire : [0,4] / 4026531840
         $ readlink /proc/$pid/ns/user
           noyau   user:[4026531842]
           modèle  user:[4026531840]
         Un espace de noms appartient à l'espace de noms utilisateur où se trouve son
         créateur. Parmi ceux créés ensemble, celui de type utilisateur vient
         d'abord : il possède donc les autres.

      3. Le parent d'un nouvel espace de noms utilisateur
         $ readlink /proc/self/ns/user
           noyau   user:[4026531837]
           modèle  user:[4026531837]
         $ ns_show /proc/$pid/ns/user p
           noyau   espace de noms parent : [0,4] / 4026531837
           modèle  espace de noms parent : [0,4] / 4026531837
         Le parent est l'espace de noms utilisateur où se trouvait le créateur : ici
         l'initial.

      4. Les mêmes questions depuis un nouvel espace de noms utilisateur
         $ PS1="inside$ " unshare -U sh
           noyau   processus 6
           modèle  processus 4
         inside$ ns_show /proc/self/ns/user p
           noyau   espace de noms parent : hors de portée de vos espaces de noms
           modèle  espace de noms parent : hors de portée de vos espaces de noms
         inside$ ns_show /proc/self/ns/uts u
           noyau   espace de noms utilisateur propriétaire : hors de portée de vos
                     espaces de noms
           modèle  espace de noms utilisateur propriétaire : hors de portée de vos
                     espaces de noms
         EPERM : Le parent n'est ni l'espace de noms de l'appelant ni l'un de ses
         descendants : le noyau ne le montre pas.
         EPERM : L'espace de noms utilisateur propriétaire n'est ni celui de
         l'appelant ni l'un de ses descendants : le noyau ne le montre pas.
         Qui passe dans un nouvel espace de noms utilisateur ne voit plus rien
         au-dessus de celui-ci. L'espace de noms UTS est resté le même, et son
         propriétaire, le même aussi, se trouve désormais au-dessus.

      Linux 6.18 et le modèle concordent sur les 4 sessions.
      "
    `);
  });
  test("says where and why the running kernel could not play", () => {
    expect(page(playDemo(confinedMachine(), machine()))).toMatchInlineSnapshot(`
      "The sessions of the manual page ioctl_ns(2), on the running kernel and on
      nsatlas's model of it.

      1. The parent of your user namespace
         $ readlink /proc/self/ns/user
           kernel  user:[4026531840]
           model   user:[4026531837]
         $ ns_show /proc/self/ns/user p
           kernel  parent namespace: outside your namespace scope
           model   parent namespace: outside your namespace scope
         EPERM: The parent is neither the caller's own namespace nor one below it, so
         the kernel does not show it.
         This is not the initial user namespace (nsatlas runs in a container): it has
         a parent, out of sight from here. Being root makes no difference.

      2. The owner of a new UTS namespace
         $ unshare -Uu sleep 1000 & pid=$!
           model   process 3
         $ ns_show /proc/$pid/ns/uts u
           model   owning user namespace: [0,4] / 4026531840
         $ readlink /proc/$pid/ns/user
           model   user:[4026531840]
         On the model alone. The kernel refused clone3 CLONE_NEWUSER|CLONE_NEWUTS:
         EPERM, Operation not permitted. New user namespaces are forbidden here: by a
         container's seccomp filter, by AppArmor, or by
         kernel.unprivileged_userns_clone=0.
         A namespace belongs to the user namespace that its maker is in. Of namespaces
         made together the user namespace comes first, so it owns the others.

      3. The parent of a new user namespace
         $ readlink /proc/self/ns/user
           model   user:[4026531837]
         $ ns_show /proc/$pid/ns/user p
           model   parent namespace: [0,4] / 4026531837
         On the model alone. The reason is the same as above.
         The parent is the user namespace that the maker was in: here the initial one.

      4. The same questions from inside a new user namespace
         $ PS1="inside$ " unshare -U sh
           model   process 4
         inside$ ns_show /proc/self/ns/user p
           model   parent namespace: outside your namespace scope
         inside$ ns_show /proc/self/ns/uts u
           model   owning user namespace: outside your namespace scope
         On the model alone. The reason is the same as above.
         EPERM: The parent is neither the caller's own namespace nor one below it, so
         the kernel does not show it.
         EPERM: The owning user namespace is neither the caller's own nor one below
         it, so the kernel does not show it.
         Whoever moves to a new user namespace sees nothing above it any more. The UTS
         namespace is the same as before, and so is its owner, which is above now.

      Linux 6.18 and the model agree in 1 of 4 sessions; the others ran on the model
      alone.
      "
    `);
  });
  test("says why there is no running kernel", () => {
    const lines = page(playDemo({ whyNone: "There is none." }, machine()))
      .trimEnd()
      .split("\n");
    expect([...lines.slice(0, 6), lines.at(-1)]).toMatchInlineSnapshot(`
      [
        "The sessions of the manual page ioctl_ns(2), on nsatlas's model of the kernel.",
        "There is none.",
        "",
        "1. The parent of your user namespace",
        "   $ readlink /proc/self/ns/user",
        "     model   user:[4026531837]",
        "All 4 sessions ran on the model alone (as Linux 6.18).",
      ]
    `);
  });
  test("says it where the viewer's own user namespace is not the initial one", () => {
    const text = page(playDemo(containedMachine(), machine())).replaceAll(/\s+/g, " ");
    expect(text).toContain("This is not the initial user namespace");
    expect(text).toContain("here yours, which is not");
  });
  test.each(["en", "fr"] as const)("keeps to 80 columns, in colour too, which changes no word: %s", (language) => {
    for (const kernel of [usedMachine(), confinedMachine(), { whyNone: "None." }]) {
      const demo = playDemo(kernel, machine());
      const plain = page(demo, language);
      expect(plain.split("\n").filter((line) => columnsOf(line) > 80)).toEqual([]);
      const coloured = page(demo, language, true);
      expect(coloured).not.toEqual(plain);
      expect(stripVTControlCharacters(coloured)).toEqual(plain);
    }
  });
});

describe("the two sides", () => {
  test("agree where their numbers differ and all else is the same", () => {
    expect(playDemo(usedMachine(), machine()).agree).toBe(true);
    expect(playDemo(containedMachine(), machine()).agree).toBe(true);
  });
  test("are not compared where one could not play", () => {
    const demo = playDemo(confinedMachine(), machine());
    expect(demo.agree).toBe(true);
    expect(demo.scenes.map(({ verdict }) => verdict)).toEqual([true, undefined, undefined, undefined]);
    expect(playDemo({ whyNone: "None." }, machine()).agree).toBeUndefined();
  });
  test("differ where an errno does: before 4.9 Linux did not know the calls", () => {
    const demo = playDemo(machine({ release: "4.8" }), machine());
    expect(demo.agree).toBe(false);
    expect(demo.scenes.map(({ verdict }) => verdict)).toEqual([false, false, false, false]);
    const text = page(demo);
    expect(text).toContain("They differ.");
    expect(text.trim().split("\n").slice(-3)).toMatchInlineSnapshot(`
      [
        "Linux 4.8 and the model differ in: The parent of your user namespace; The owner",
        "of a new UTS namespace; The parent of a new user namespace; The same questions",
        "from inside a new user namespace. That is a bug in nsatlas.",
      ]
    `);
  });
});

test("the JSON form has the same", () => {
  const { demo } = JSON.parse(JSON.stringify(demoJson(playDemo(confinedMachine(), machine()))));
  const [first, second] = demo.sessions;
  expect({ ...demo, sessions: demo.sessions.length }).toEqual({
    agree: true,
    kernel: "6.18",
    model: "6.18",
    sessions: 4,
  });
  expect(first).toEqual({
    name: "own-parent",
    agree: true,
    commands: [
      { prompt: "$ ", text: "readlink /proc/self/ns/user" },
      { prompt: "$ ", text: "ns_show /proc/self/ns/user p" },
    ],
    kernel: { answers: [{ link: "user:[4026531840]" }, { relation: "parent", errno: "EPERM" }] },
    model: { answers: [{ link: "user:[4026531837]" }, { relation: "parent", errno: "EPERM" }] },
    reasons: ["parent-outside-view"],
  });
  expect(second).toMatchObject({
    agree: null,
    kernel: { refused: { call: "clone3 CLONE_NEWUSER|CLONE_NEWUTS", errno: "EPERM" } },
    model: { answers: [{ pid: 3 }, { relation: "owner", namespace: "0:4/4026531840" }, { link: "user:[4026531840]" }] },
  });
});
