import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import type { NamespaceId } from "../../src/abi/ids.ts";
import { GLYPHS } from "../../src/render/glyphs.ts";
import { showText, type ShowOptions } from "../../src/render/show.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { NamespaceRecord, Snapshot } from "../../src/snapshot/types.ts";
import { containerHost, MadeUpMachine, smallMachine } from "./machines.ts";

const PLAIN: ShowOptions = { width: 80, color: false, glyphs: GLYPHS["utf-8"], language: "en", all: false };

function show(seen: Snapshot, id: NamespaceId, options: Partial<ShowOptions> = {}): string {
  const index = indexSnapshot(seen);
  const namespace = index.namespaces.get(id);
  if (namespace === undefined) throw new Error(`no ${id}`);
  return `\n${showText(index, namespace, { ...PLAIN, ...options })}`;
}

/** One namespace otherwise than the machine has it. */
const changed = (seen: Snapshot, id: NamespaceId, change: Partial<NamespaceRecord>): Snapshot => ({
  ...seen,
  namespaces: seen.namespaces.map((one) => (one.id === id ? { ...one, ...change } : one)),
});

describe("one namespace", () => {
  test("the initial user namespace: what is above it, and why it is not shown", () => {
    const machine = smallMachine();
    expect(show(machine.seen(), machine.own.user)).toMatchInlineSnapshot(`
      "
      user:[4026531837]  ● your own
        device     0:4
        inode      4026531837
        64-bit id  not known: kernels before Linux 6.18 do not tell it
        kind       user, CLONE_NEWUSER (0x10000000)
        parents    EPERM, operation not permitted. It is the initial user namespace:
                     there is none above it.
        creator    uid 0
        uid map    inside  outside       count
                        0        0  4294967295
        gid map    inside  outside       count
                        0        0  4294967295
        setgroups  allow
        in use     made in it, by whom is not told: at least mnt 1
        members      1  uid 0     /sbin/init splash
                   900  uid 1000  -bash
                     2  uid 0     [kthreadd]
                    61  uid 0     [kdevtmpfs]
        held by    the 4 processes that are in it
                   what it owns: cgroup:[4026531835], ipc:[4026531839],
                     mnt:[4026531832], mnt:[4026532200], net:[4026531833],
                     pid:[4026531836], time:[4026531834], uts:[4026531838]
      "
    `);
  });
  test("in French", () => {
    const machine = smallMachine();
    expect(show(machine.seen(), machine.own.user, { language: "fr" })).toMatchInlineSnapshot(`
      "
      user:[4026531837]  ● le vôtre
        périphérique   0:4
        inœud          4026531837
        id 64 bits     inconnu : les noyaux antérieurs à Linux 6.18 ne le disent pas
        type           user, CLONE_NEWUSER (0x10000000)
        parents        EPERM, opération non permise. C'est l'espace de noms user
                         initial : il n'y en a pas au-dessus.
        créateur       uid 0
        table des uid  dedans  dehors      nombre
                            0       0  4294967295
        table des gid  dedans  dehors      nombre
                            0       0  4294967295
        setgroups      allow
        en usage       créés dedans, par qui, rien ne le dit : au moins mnt 1
        membres          1  uid 0     /sbin/init splash
                       900  uid 1000  -bash
                         2  uid 0     [kthreadd]
                        61  uid 0     [kdevtmpfs]
        tenu par       les 4 processus qui y sont
                       ce qu'il possède : cgroup:[4026531835], ipc:[4026531839],
                         mnt:[4026531832], mnt:[4026532200], net:[4026531833],
                         pid:[4026531836], time:[4026531834], uts:[4026531838]
      "
    `);
  });
  test("a network namespace that a name alone keeps", () => {
    const machine = new MadeUpMachine();
    const blue = machine.namespace("net");
    machine.pin(blue, "/run/netns/blue");
    const seen = machine.seen();
    expect(show(changed(seen, blue, { uniqueId: "4711" }), blue)).toMatchInlineSnapshot(`
      "
      net:[4026532200]
        device     0:4
        inode      4026532200
        64-bit id  4711
        kind       net, CLONE_NEWNET (0x40000000)
        name       blue
        owner      user:[4026531837]
                   above user:[4026531837]: EPERM, operation not permitted. It is the
                     initial user namespace: there is none above it.
        members    none
        held by    the mount at /run/netns/blue
      "
    `);
  });
  test("a nested user namespace with maps, and more members than are shown", () => {
    const machine = new MadeUpMachine();
    const user = machine.namespace("user", machine.namespace("user"));
    for (let pid = 2000; pid < 2013; pid += 1)
      machine.process(pid, `worker --number ${pid} --queue mail --verbose yes`, { user });
    machine.namespace("net", user);
    machine.namespace("user", user);
    const maps = {
      uid: [
        { inside: 0, outside: 1000, count: 1 },
        { inside: 1, outside: 100000, count: 65536 },
      ],
      gid: [],
      setgroups: "deny",
      readFrom: 2000,
      inViewOf: machine.own.user,
    } as const;
    const seen = changed(machine.seen(), user, { maps: { value: maps }, creatorUid: { value: 65534 } });
    expect(show(seen, user)).toMatchInlineSnapshot(`
      "
      user:[4026532201]
        device     0:4
        inode      4026532201
        64-bit id  not known: kernels before Linux 6.18 do not tell it
        kind       user, CLONE_NEWUSER (0x10000000)
        owner      user:[4026532200], its parent
        parents    user:[4026532200] → user:[4026531837]
                   above user:[4026531837]: EPERM, operation not permitted. It is the
                     initial user namespace: there is none above it.
        creator    uid 65534
        uid map    inside  outside  count
                        0     1000      1
                        1   100000  65536
                   outside: as user:[4026531837] sees it, read from process 2000
        gid map    not written yet: no id has a mapping
        setgroups  deny
        in use     uid 1000: at least user 1
                   made in it, by whom is not told: at least net 1
        members    2000  uid 0  worker --number 2000 --queue mail --verbose yes
                   2001  uid 0  worker --number 2001 --queue mail --verbose yes
                   2002  uid 0  worker --number 2002 --queue mail --verbose yes
                   2003  uid 0  worker --number 2003 --queue mail --verbose yes
                   2004  uid 0  worker --number 2004 --queue mail --verbose yes
                   2005  uid 0  worker --number 2005 --queue mail --verbose yes
                   2006  uid 0  worker --number 2006 --queue mail --verbose yes
                   2007  uid 0  worker --number 2007 --queue mail --verbose yes
                   2008  uid 0  worker --number 2008 --queue mail --verbose yes
                   2009  uid 0  worker --number 2009 --queue mail --verbose yes
                   and 3 more (see --all)
        held by    the 13 processes that are in it
                   its child user:[4026532203]
                   what it owns: net:[4026532202]
      "
    `);
    expect(show(seen, user, { all: true })).toContain("2012");
  });
  test("an id without a mapping is told from nobody's id where that can be known", () => {
    const machine = smallMachine();
    const user = machine.namespace("user");
    const seen = changed(machine.seen(), user, { creatorUid: { value: 65534 } });
    expect(show(seen, user)).toContain("uid 65534");
    const without = changed(seen, machine.own.user, { maps: { refused: "EACCES", call: "openat" } });
    expect(show(without, user)).toContain("unmapped in your user namespace (65534)");
  });
  test("from inside: the owner is outside the view", () => {
    const machine = smallMachine();
    const owner = { refused: "EPERM", call: "ioctl NS_GET_USERNS", reason: "owner-outside-view" } as const;
    expect(show(changed(machine.seen(), machine.own.uts, { owner }), machine.own.uts)).toMatchInlineSnapshot(`
      "
      uts:[4026531838]  ● your own
        device     0:4
        inode      4026531838
        64-bit id  not known: kernels before Linux 6.18 do not tell it
        kind       uts, CLONE_NEWUTS (0x4000000)
        owner      EPERM, operation not permitted. The owning user namespace is
                     neither the caller's own nor one below it, so the kernel does not
                     show it.
        members      1  uid 0     /sbin/init splash
                   900  uid 1000  -bash
                     2  uid 0     [kthreadd]
                    61  uid 0     [kdevtmpfs]
        held by    the 4 processes that are in it
      "
    `);
  });
  test("in colour says the same", () => {
    const machine = containerHost();
    const seen = machine.seen();
    for (const { id } of seen.namespaces) {
      expect(stripVTControlCharacters(show(seen, id, { color: true }))).toBe(show(seen, id));
    }
  });
});
