import { describe, expect, test } from "vitest";
import { CONSTANTS } from "../../../src/abi/constants.ts";
import { NAMESPACE_KINDS } from "../../../src/abi/namespace-kinds.ts";
import { must } from "../../../src/kernel/build-world.ts";
import { taskName, type Call } from "../../../src/kernel/call.ts";
import { ModelActor } from "../../../src/kernel/model/actor.ts";
import { refused } from "../../../src/rules/outcome.ts";
import { open, pidfdOpen, setresuid, unshare } from "../../kernel-cases/script.ts";

const BOX = taskName("box");
const USER = taskName("user");
const sysctl = (name: "max_uts_namespaces", text: string): Call => ({ op: "write-sysctl", name, text });
const clone = (as: string, flags = 0): Call => ({ op: "clone", as: taskName(as), flags });

/** What was measured on Debian's kernels of series that go on for years: docs/kernels.md. */
describe("what the patches of a series changed", () => {
  test("5.10.262: an unshare that fails leaves the root where it was", () => {
    const chrootedAfter = (release: string): unknown => {
      using actor = new ModelActor({ release });
      must(actor, actor.first, clone("box", NAMESPACE_KINDS.user.flag));
      for (const file of ["uid_map", "gid_map"] as const) {
        must(actor, actor.first, { op: "write", of: BOX, file, text: "0 0 1" });
      }
      must(actor, BOX, sysctl("max_uts_namespaces", "0"));
      expect(actor.call(BOX, unshare("mnt", "uts"))).toEqual(refused("ENOSPC", "limit-reached"));
      return actor.call(BOX, unshare("user"));
    };
    const elsewhere = refused("EPERM", "root-elsewhere");
    expect(chrootedAfter("5.10.223")).toEqual(elsewhere);
    for (const release of ["5.10.262", "6.1.176", "6.18.44", "7.0"])
      expect(chrootedAfter(release)).toMatchObject({ ok: true });
  });

  test("5.10.262: a link that may not be followed leads to its folder", () => {
    const asUser = (release: string, call: Call): unknown => {
      using actor = new ModelActor({ release });
      must(actor, actor.first, clone("user"));
      must(actor, USER, setresuid(1000));
      return actor.call(USER, call);
    };
    const others = (...flags: Parameters<typeof open>[2][]): Call => open("shell", "uts", ...flags);
    const denied = refused("EACCES", "process-of-another-user");
    expect(asUser("5.10.223", others())).toEqual(denied);
    expect(asUser("5.15", others())).toEqual(denied);
    // Only its owner may list the folder; a place is opened by all, and nobody writes to it.
    expect(asUser("5.10.262", others())).toEqual(refused("EACCES", "file-of-another-user"));
    expect(asUser("5.10.262", others("O_PATH"))).toEqual({ ok: true, value: 0 });
    expect(asUser("5.10.262", others("O_RDWR"))).toEqual(refused("EISDIR", "not-a-directory"));
    const shell = taskName("shell");
    expect(asUser("5.10.262", { op: "readlink", of: shell, link: "uts" })).toEqual({ ok: true, value: { text: "" } });
    expect(asUser("5.10.262", { op: "stat", of: shell, link: "uts" })).toEqual({ ok: true, value: 0 });
    expect(asUser("5.10.262", { op: "link_to_handle_at", of: shell, link: "uts", follow: true })).toEqual(
      refused("EOPNOTSUPP", "file-system-without-handles"),
    );
  });

  test("6.12 and 6.17: what of a handle and its descriptor is looked at first", () => {
    const NOWHERE = 99;
    const given = (
      release: string,
      { bytes = 16, type = CONSTANTS.FILEID_NSFS }: { bytes?: number; type?: number },
    ): unknown => {
      using actor = new ModelActor({ release });
      const handle = { bytes, type, id: 1n, nsType: 0, inode: 0 };
      return actor.call(actor.first, { op: "open_by_handle_at", mount: NOWHERE, handle });
    };
    const [malformed, bad] = [refused("EINVAL", "handle-malformed"), refused("EBADF", "bad-descriptor")];
    expect(["6.1", "6.12", "6.16", "6.17"].map((release) => given(release, { bytes: 0 }))).toEqual([
      malformed,
      bad,
      bad,
      malformed,
    ]);
    expect(["6.1", "6.12", "6.17"].map((release) => given(release, { type: -1 }))).toEqual([bad, bad, malformed]);
  });

  test("5.14: a limit takes no -0; 5.18: the first network namespace is numbered before the files of /proc", () => {
    const first = (release: string, call: Call): unknown => {
      using actor = new ModelActor({ release });
      return actor.call(actor.first, call);
    };
    expect(first("5.13", sysctl("max_uts_namespaces", "-0"))).toEqual({ ok: true, value: 2 });
    expect(first("5.14", sysctl("max_uts_namespaces", "-0"))).toMatchObject({ errno: "EINVAL" });
    expect(first("5.13", sysctl("max_uts_namespaces", "-1"))).toMatchObject({ errno: "EINVAL" });
    const net: Call = { op: "readlink", of: taskName("shell"), link: "net" };
    expect(first("5.17", net)).toEqual({ ok: true, value: { text: "net:[4026531992]" } });
    expect(first("5.18", net)).toEqual({ ok: true, value: { text: "net:[4026531840]" } });
  });

  test("6.9: pidfds are files that open anew, and before too nobody but root's may try", () => {
    const anew = (release: string, uid: number): unknown => {
      using actor = new ModelActor({ release, uid });
      must(actor, actor.first, pidfdOpen("shell"));
      return actor.call(actor.first, { op: "reopen", of: taskName("shell"), fd: 0 });
    };
    expect(anew("6.8", 0)).toEqual(refused("ENXIO", "cannot-be-opened-anew"));
    expect(anew("6.8", 1000)).toEqual(refused("EACCES", "file-of-another-user"));
    expect(anew("6.9", 0)).toEqual({ ok: true, value: 1 });
  });

  test("6.2: execve enters the time namespace for children", () => {
    const moves = (release: string): boolean => {
      using actor = new ModelActor({ release });
      const time: Call = { op: "readlink", of: taskName("shell"), link: "time" };
      const before = actor.call(actor.first, time);
      must(actor, actor.first, unshare("time"));
      must(actor, actor.first, { op: "exec" });
      return JSON.stringify(actor.call(actor.first, time)) !== JSON.stringify(before);
    };
    expect(["6.1", "6.2"].map(moves)).toEqual([false, true]);
  });
});
