import { closeSync, constants, fstatSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createNamespaces } from "../../src/inside/create.ts";
import { execIn } from "../../src/inside/exec.ts";
import { openIn, readFileIn } from "../../src/inside/file.ts";
import { startHolder } from "../enter/live/holder.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ordinaryUser, PRODUCT } from "../support/viewers.ts";
import { held, linksOfThreads } from "./events.ts";

describe("createNamespaces", needs("native", "root", "kernel:time-namespaces"), () => {
  test("gives open handles, with names, maps and offsets set; no process is left", async () => {
    const links = linksOfThreads();
    await (await createNamespaces({ kinds: ["uts"] }))[Symbol.asyncDispose]();
    const before = held();
    {
      using made = await createNamespaces({
        kinds: ["user", "uts", "net", "mnt", "ipc", "cgroup", "time"],
        maps: { uid: [{ inside: 0, outside: 100000, count: 10 }], gid: [{ inside: 0, outside: 200000, count: 10 }] },
        hostname: "made",
        domainname: "here",
        offsets: { boottime: { seconds: 86_400n, nanoseconds: 0 } },
      });
      expect(held().children).toBe(before.children);
      for (const kind of ["uts", "net", "mnt", "ipc", "cgroup", "time"] as const) {
        expect(made[kind].owner().id).toBe(made.user.id);
      }
      const script =
        "uname -n; domainname 2>/dev/null || cat /proc/sys/kernel/domainname; cut -d' ' -f1 /proc/uptime; tr -s ' ' < /proc/self/uid_map";
      const { stdout } = await execIn([made.user, made.uts, made.net, made.time], "sh", ["-c", script]);
      const [name, domain, uptime, map] = stdout.trim().split("\n");
      expect([name, domain, map?.trim()]).toEqual(["made", "here", "0 100000 10"]);
      expect(Number(uptime)).toBeGreaterThan(86_400);
    }
    expect(held()).toEqual(before);
    expect(linksOfThreads().toSorted()).toEqual(links.toSorted());
  });

  test("makes them in a user namespace that is to own them", async () => {
    using owner = await createNamespaces({ kinds: ["user"] });
    using made = await createNamespaces({ kinds: ["net", "user"], owner: owner.user });
    expect(made.user.parent().id).toBe(owner.user.id);
    expect(made.net.owner().id).toBe(made.user.id);
  });

  test("says what was refused", async () => {
    const wrong = { uid: [{ inside: 0, outside: 0, count: 0 }], gid: [] };
    await expect(createNamespaces({ kinds: ["user"], maps: wrong })).rejects.toMatchObject({
      name: "SyscallError",
      code: "EINVAL",
      syscall: "write",
    });
    await expect(createNamespaces({ kinds: ["uts"], hostname: "x".repeat(65) })).rejects.toMatchObject({
      code: "EINVAL",
      syscall: "sethostname",
    });
    await expect(createNamespaces({ kinds: [] })).rejects.toBeInstanceOf(TypeError);
    await expect(createNamespaces({ kinds: ["net"], signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: "AbortError",
    });
  });
});

describe("createNamespaces, as an ordinary user", ordinaryUser.needs, () => {
  test("makes a user namespace and what it owns", needs("package:iproute2"), async () => {
    const code = `import { createNamespaces, execIn } from ${JSON.stringify(join(PRODUCT, "dist/index.js"))};
      using made = await createNamespaces({ kinds: ["user", "net"] });
      const { stdout } = await execIn([made.user, made.net], "sh", ["-c", "id -u; ip link set lo up && echo up"]);
      console.log(stdout.trim(), made.user.ownerUid().uid === process.getuid());`.replace("using made", "const made");
    const ran = await ordinaryUser.run(process.execPath, ["--input-type=module", "-e", code]);
    expect(ran).toMatchObject({ code: 0, stderr: "", stdout: "0\nup true\n" });
  });
});

describe("openIn and readFileIn", needs("native", "root", "package:util-linux"), () => {
  test("open and read files of another mount namespace, below its root, and never wait", async () => {
    await using holder = await startHolder(["--mount"]);
    using folder = temporaryFolder();
    const mnt = `${holder.pid}/mnt`;
    await execIn(mnt, "sh", [
      "-c",
      `mount -t tmpfs none ${folder.path} && cd ${folder.path} && echo there > file && ln -s ${folder.path}/file link && ln -s ../../../../../../../../..${folder.path}/file up && mkfifo fifo && mknod dev c 1 5 && mkdir dir`,
    ]);
    const at = (name: string): string => join(folder.path, name);
    for (const name of ["file", "link", "up"]) expect(String(await readFileIn(mnt, at(name)))).toBe("there\n");
    {
      using fd = await openIn(mnt, at("link"));
      expect(readFileSync(fd.raw, "utf8")).toBe("there\n");
      using dir = await openIn(mnt, at("dir"), constants.O_RDONLY | constants.O_DIRECTORY);
      expect(fstatSync(dir.raw).isDirectory()).toBe(true);
    }
    const made = (
      await openIn(mnt, at("new"), constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, { mode: 0o600 })
    ).release();
    writeFileSync(made, "written");
    closeSync(made);
    expect(String(await readFileIn(mnt, at("new")))).toBe("written");
    for (const name of ["fifo", "dev"]) {
      await expect(readFileIn(mnt, at(name))).rejects.toMatchObject({
        code: "ENXIO",
        syscall: "openat2",
        subject: at(name),
      });
    }
    using fifo = await openIn(mnt, at("fifo"), constants.O_RDONLY, { special: true });
    expect(fstatSync(fifo.raw).isFIFO()).toBe(true);
    await expect(readFileIn(mnt, at("dir"))).rejects.toMatchObject({ code: "EISDIR" });
    await expect(readFileIn(mnt, at("none"))).rejects.toMatchObject({ code: "ENOENT" });
    await expect(readFileIn(mnt, "/proc/self/root/etc/passwd")).rejects.toMatchObject({ code: "ELOOP" });
    await expect(readFileIn(mnt, at("file"), { maxBytes: 3 })).rejects.toMatchObject({ code: "EFBIG" });
    // An endless file takes no longer than it may, and others go on.
    const before = performance.now();
    const endless = readFileIn(mnt, at("dev"), { special: true, timeLimitMs: 100, maxBytes: 2 ** 40 });
    const other = readFileIn(mnt, at("file"));
    await expect(endless).rejects.toMatchObject({ code: "ETIMEDOUT" });
    expect(performance.now() - before).toBeLessThan(3000);
    expect(String(await other)).toBe("there\n");
    expect(readlinkSync("/proc/self/ns/mnt")).not.toBe(readlinkSync(`/proc/${holder.pid}/ns/mnt`));
  });
});
