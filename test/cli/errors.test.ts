import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import type { Language } from "../../src/messages/sentence.ts";
import { columnsOf } from "../../src/render/width.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ordinaryUser } from "../support/viewers.ts";
import { runProgram } from "./run-program.ts";

/** What a command line says on stderr, with the exit code. */
async function says(line: string, language: Language = "en"): Promise<string> {
  const { exit, out, err } = await runProgram(line.split(" "), { language });
  expect(out).toBe("");
  for (const one of err.split("\n")) expect(columnsOf(one)).toBeLessThanOrEqual(80);
  return `${err}exit ${exit}`;
}

/** A process id that no process has: pids stay below the kernel's highest pid_max. */
const NOBODY = 4_194_304;

describe("the commonest errors at 80 columns: what, errno, why, what to do next", needs("linux"), () => {
  const before = process.cwd();
  const folder = temporaryFolder();
  beforeAll(() => {
    process.chdir(folder.path);
    mkdirSync("folder");
    execFileSync("mkfifo", ["fifo"]);
    writeFileSync("file", "");
    writeFileSync("damaged.json", '{"format": "nsatlas-snapshot", "version": 1, "redacted": 1}');
    writeFileSync("newer.json", '{"format": "nsatlas-snapshot", "version": 3}');
    writeFileSync("broken.json", '{"format": "nsatlas-snapshot",\n  "version": }');
    mkdirSync("proc");
  });
  afterAll(() => {
    process.chdir(before);
    folder[Symbol.dispose]();
  });

  test("1. an option that is none", async () => {
    expect(await says("list --outptu NS")).toMatchInlineSnapshot(`
      "nsatlas: list has no option --outptu.
        Did you mean --output?
      exit 2"
    `);
  });
  test("2. a command that is none", async () => {
    expect(await says("lsit")).toMatchInlineSnapshot(`
      "nsatlas: There is no command "lsit".
        Did you mean list?
      exit 2"
    `);
  });
  test("3. a column that is none", async () => {
    expect(await says("list -o NS,COMAND")).toMatchInlineSnapshot(`
      "nsatlas: -o: "NS,COMAND" is not a list of columns with commas between.
        Did you mean COMMAND?
      exit 2"
    `);
  });
  test("4. a REF of no known form", async () => {
    expect(await says("show blue")).toMatchInlineSnapshot(`
      "nsatlas: "blue" is no path (it would begin with /, ./ or ../), no kind:…, no
        PID/kind, no fd:N and no inode.
        "nsatlas help" lists what there is.
      exit 2"
    `);
    expect(await says("show nett:blue")).toMatchInlineSnapshot(`
      "nsatlas: "nett" is no kind of namespace: they are cgroup, ipc, mnt, net, pid,
        time, user, uts.
        Did you mean net?
      exit 2"
    `);
    expect(await says("show net:..")).toMatchInlineSnapshot(`
      "nsatlas: ".." is no name under /run/netns: one has no slash, no control
        character, is not . or .., and has at most 255 bytes.
        "nsatlas help" lists what there is.
      exit 2"
    `);
    expect(await says("show 99999999/net")).toMatchInlineSnapshot(`
      "nsatlas: "99999999" is no process id: it is "self" or a whole number from 1 to
        4194304.
        "nsatlas help" lists what there is.
      exit 2"
    `);
  });
  test("5. a file that is not there", async () => {
    expect(await says("show ./nothing")).toMatchInlineSnapshot(`
      "nsatlas: openat ./nothing: ENOENT, no such file or directory.
        Next: Check the path; "nsatlas tree" shows the namespaces that there are.
      exit 4"
    `);
  });
  test("6. a directory, a regular file, a device, a FIFO, which does not block", async () => {
    expect(await says("show ./folder")).toMatchInlineSnapshot(`
      "nsatlas: openat ./folder: ENOTTY, inappropriate ioctl for device.
        Why: It is a directory, not a namespace file.
        Next: Name a file of /proc/PID/ns, or a bind mount of one.
      exit 4"
    `);
    expect(await says("show ./file")).toMatchInlineSnapshot(`
      "nsatlas: openat ./file: ENOTTY, inappropriate ioctl for device.
        Why: It is a regular file, not a namespace file.
        Next: Name a file of /proc/PID/ns, or a bind mount of one.
      exit 4"
    `);
    expect(await says("show /dev/null")).toMatchInlineSnapshot(`
      "nsatlas: openat /dev/null: ENOTTY, inappropriate ioctl for device.
        Why: It is a device, not a namespace file.
        Next: Name a file of /proc/PID/ns, or a bind mount of one.
      exit 4"
    `);
    expect(await says("show ./fifo")).toMatchInlineSnapshot(`
      "nsatlas: openat ./fifo: ENOTTY, inappropriate ioctl for device.
        Why: It is a FIFO, not a namespace file.
        Next: Name a file of /proc/PID/ns, or a bind mount of one.
      exit 4"
    `);
  });
  test("7. a process that is not there", async () => {
    expect(await says(`show ${NOBODY}/net`)).toMatchInlineSnapshot(`
      "nsatlas: openat /proc/4194304/ns/net: ENOENT, no such file or directory.
        Why: No process has this number here: it ended, or /proc hides it.
        Next: "nsatlas list -o NS,TYPE,PID,COMMAND" shows processes that are there.
      exit 4"
    `);
    expect(await says(`show /proc/${NOBODY}/ns/net`)).toMatchInlineSnapshot(`
      "nsatlas: openat /proc/4194304/ns/net: ENOENT, no such file or directory.
        Why: No process has this number here: it ended, or /proc hides it.
        Next: "nsatlas list -o NS,TYPE,PID,COMMAND" shows processes that are there.
      exit 4"
    `);
  });
  test("8. a process that may not be looked into", needs("root", "ordinary-user"), async () => {
    const { code, stderr } = await ordinaryUser.nsatlas(["show", `${process.pid}/net`]);
    const shown = stderr.replaceAll(String(process.pid), "4711");
    expect(`${shown}exit ${code}`).toMatchInlineSnapshot(`
      "nsatlas: openat /proc/4711/ns/net: EACCES, permission denied.
        Why: The process is another user's, has capabilities that you lack, or has
        made itself unreadable.
        Next: Run nsatlas as root, or with CAP_SYS_PTRACE in the process's user
        namespace.
      exit 4"
    `);
  });
  test("9. a descriptor that was not inherited", async () => {
    expect(await says("show fd:999")).toMatchInlineSnapshot(`
      "nsatlas: openat /proc/self/fd/999: EBADF, bad file descriptor.
        Why: nsatlas was started without such a descriptor.
        Next: Let the shell open it: nsatlas show fd:7 7</run/netns/blue
      exit 4"
    `);
  });
  test("10. a name under /run/netns that is not there", async () => {
    expect(await says("show net:no-such-name")).toMatchInlineSnapshot(`
      "nsatlas: openat /run/netns/no-such-name: ENOENT, no such file or directory.
        Why: No file of that name is under /run/netns, where ip-netns(8) keeps names.
        Next: "nsatlas list -t net" shows the network namespaces that there are.
      exit 4"
    `);
  });
  test("11. another kind than was asked for", async () => {
    const { err, exit } = await runProgram(["show", "net:/proc/self/ns/uts"]);
    expect(`${err.replaceAll(/\d{10}/g, "4026531838")}exit ${exit}`).toMatchInlineSnapshot(`
      "nsatlas: /proc/self/ns/uts is uts:[4026531838], not of kind net.
        Leave the kind out, or give the one that it has.
      exit 2"
    `);
  });
  test("12. an inode that nothing seen has", async () => {
    expect(await says("show net:1")).toMatchInlineSnapshot(`
      "nsatlas: No namespace that nsatlas can see is net:1.
        "nsatlas tree" shows what can be seen; more shows as root.
      exit 2"
    `);
  });
  test("13. an inode that fits two devices", async () => {
    const { actor } = drawnMachine("uts:one\nuts:two", { devices: "two" });
    const observer = new ModelObserver(() => actor.world, actor.first);
    const { err, exit } = await runProgram(["show", "uts:4026531840"], { observer });
    expect(`${err}exit ${exit}`).toMatchInlineSnapshot(`
      "nsatlas: uts:4026531840 fits 2 namespaces:
        - uts:[0:4/4026531840]
        - uts:[0:61/4026531840]
        Name the device too, as above.
      exit 2"
    `);
  });
  test("14. a snapshot that is damaged, newer, not there, or no file", async () => {
    expect(await says("tree --from damaged.json")).toMatchInlineSnapshot(`
      "nsatlas: damaged.json: The snapshot is damaged at 9 places.
        - producer: Missing.
        - takenAt: Missing.
        - redacted: Must be true or false.
        - viewpoint: Missing.
        - coverage: Missing.
        - namespaces: Missing.
        - processes: Missing.
        - pins: Missing.
        - names: Missing.
        Nothing was read from it; "nsatlas snapshot -o FILE" writes one that this
        nsatlas reads.
      exit 6"
    `);
    expect(await says("tree --from newer.json")).toMatchInlineSnapshot(`
      "nsatlas: newer.json: The snapshot was written by a newer nsatlas.
        - version: Format 3 is newer than this nsatlas reads (2): take nsatlas of a
          later version.
        Nothing was read from it; "nsatlas snapshot -o FILE" writes one that this
        nsatlas reads.
      exit 6"
    `);
    expect(await says("tree --from broken.json")).toMatchInlineSnapshot(`
      "nsatlas: broken.json: The snapshot is damaged.
        - line 2, column 14: This is not JSON: "}" cannot stand here.
        Nothing was read from it; "nsatlas snapshot -o FILE" writes one that this
        nsatlas reads.
      exit 6"
    `);
    expect(await says("tree --from nothing.json")).toMatchInlineSnapshot(`
      "nsatlas: open nothing.json: ENOENT, no such file or directory.
        Next: "nsatlas snapshot -o FILE" writes one.
      exit 4"
    `);
    expect(await says("tree --from folder")).toMatchInlineSnapshot(`
      "nsatlas: folder has no snapshot: no file in it has a name that ends in .json.
        "nsatlas snapshot -o FOLDER/HOST.json" writes one.
      exit 2"
    `);
  });
  test("15. a /proc that is none", async () => {
    expect(await says("tree --proc nothing")).toMatchInlineSnapshot(`
      "nsatlas: openat nothing: ENOENT, no such file or directory.
        Why: There is no proc file system at this place, and nsatlas reads namespaces
        from one.
        Next: "mount -t proc proc /proc" as root makes one; --proc DIR names another
        place.
      exit 4"
    `);
    expect(await says("tree --proc proc")).toMatchInlineSnapshot(`
      "nsatlas: openat proc: ENODEV, no such device.
        Why: This folder is no proc file system: there is no process in it.
        Next: "mount -t proc proc /proc" as root makes one; --proc DIR names another
        place.
      exit 4"
    `);
    expect(await says("show 1/net --proc proc")).toMatchInlineSnapshot(`
      "nsatlas: openat proc/1/ns/net: ENOENT, no such file or directory.
        Why: There is no proc file system at this place, and nsatlas reads namespaces
        from one.
        Next: "mount -t proc proc /proc" as root makes one; --proc DIR names another
        place.
      exit 4"
    `);
  });
  test("16. a question that the kernel does not answer", async () => {
    const { actor } = drawnMachine("");
    const observer = new ModelObserver(() => actor.world, actor.first);
    const asked = async (words: string[]): Promise<string> => {
      const { err, exit } = await runProgram(words, { observer });
      return `${err}exit ${exit}`;
    };
    expect(await asked(["show", "self/user", "--get", "parent"])).toMatchInlineSnapshot(`
      "nsatlas: ioctl NS_GET_PARENT on user:[4026531837]: EPERM, operation not
        permitted.
        Why: The parent is neither the caller's own namespace nor one below it, so the
        kernel does not show it.
        Next: Ask from an ancestor of that namespace; the machine's first one has no
        parent.
      exit 4"
    `);
    expect(await asked(["show", "self/net", "--get", "parent"])).toMatchInlineSnapshot(`
      "nsatlas: ioctl NS_GET_PARENT on net:[4026531833]: EINVAL, invalid argument.
        Why: Only user and pid namespaces have parents.
        Next: Ask for its owner instead.
      exit 4"
    `);
    expect(await asked(["show", "self/net", "--get", "owner-uid"])).toMatchInlineSnapshot(`
      "nsatlas: ioctl NS_GET_OWNER_UID on net:[4026531833]: EINVAL, invalid argument.
        Why: Only user namespaces have a creator's uid.
        Next: Ask it of the user namespace that owns this one.
      exit 4"
    `);
  });
  test("17. a file that cannot be written", async () => {
    expect(await says("snapshot -o nothing/today.json")).toMatchInlineSnapshot(`
      "nsatlas: open nothing/today.json: ENOENT, no such file or directory.
        Why: The folder that the file would lie in is not there.
        Next: Make the folder first.
      exit 4"
    `);
    expect(await says("snapshot -o folder")).toMatchInlineSnapshot(`
      "nsatlas: open folder: EISDIR, is a directory.
        Next: Name a file in it.
      exit 4"
    `);
    expect(await says("snapshot -o /dev/full")).toMatchInlineSnapshot(`
      "nsatlas: write /dev/full: ENOSPC, no space left on device.
        Next: Make room, or write elsewhere; a file that was there is untouched.
      exit 4"
    `);
  });

  test("in French", async () => {
    expect(await says("show ./folder", "fr")).toMatchInlineSnapshot(`
      "nsatlas: openat ./folder : ENOTTY, ioctl() inapproprié pour un périphérique.
        Pourquoi : C'est un dossier, pas un fichier d'espace de noms.
        À faire : Désignez un fichier de /proc/PID/ns, ou un montage lié de l'un
        d'eux.
      exit 4"
    `);
    expect(await says(`show ${NOBODY}/net`, "fr")).toMatchInlineSnapshot(`
      "nsatlas: openat /proc/4194304/ns/net : ENOENT, aucun fichier ou dossier de ce
        type.
        Pourquoi : Aucun processus n'a ce numéro ici : il est terminé, ou /proc le
        cache.
        À faire : « nsatlas list -o NS,TYPE,PID,COMMAND » montre des processus
        présents.
      exit 4"
    `);
    expect(await says("show nett:blue", "fr")).toMatchInlineSnapshot(`
      "nsatlas: « nett » n'est pas un type d'espace de noms : ce sont cgroup, ipc, mnt,
        net, pid, time, user, uts.
        Vouliez-vous dire net ?
      exit 2"
    `);
    expect(await says("list --outptu NS", "fr")).toMatchInlineSnapshot(`
      "nsatlas: list n'a pas d'option --outptu.
        Vouliez-vous dire --output ?
      exit 2"
    `);
  });
  test("for programs", async () => {
    const { err } = await runProgram(["show", "./folder", "--json"]);
    expect(JSON.parse(err)).toMatchInlineSnapshot(`
      {
        "error": {
          "code": "ENOTTY",
          "hint": "Name a file of /proc/PID/ns, or a bind mount of one.",
          "reason": "It is a directory, not a namespace file.",
          "subject": "./folder",
          "syscall": "openat",
        },
      }
    `);
  });
});
