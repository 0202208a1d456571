import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { Explained } from "../explained.js";
import { archive, device, file, folder } from "./cpio.js";

/** Programs of this machine that the guest needs before ours can run: all of them in Debian's smallest installation. */
const PROGRAMS = ["/bin/sh", "/bin/cat", "/bin/readlink", "/bin/mount", "/usr/sbin/chroot"];
/** What a user of the published package has, and the guest's program beside it. */
const PRODUCT = ["package.json", "dist", join("prebuilds", `linux-${process.arch}`)];

/**
 * The first process. The initial root file system cannot be pivoted away from and has no parent mount, unlike that of any
 * machine in use: so it is bound over itself first, as switch_root(8) would move it.
 */
const INIT = `#!/bin/sh
mount -t proc proc /proc
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
mount -t tmpfs run /run
mount --rbind / /mnt
cd /mnt
mount --move . /
exec chroot . /bin/sh /start
`;
const START = `cd /
mount -t sysfs sysfs /sys
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tracefs tracefs /sys/kernel/tracing
PATH=/bin:/usr/sbin /bin/node /nsatlas/guest.js /dev/ttyS1 "$(cat /nsatlas/only)" "$(cat /nsatlas/share)" || echo "nsatlas: guest.js failed"
echo o > /proc/sysrq-trigger
read never < /dev/ttyS0
`;

/**
 * What a virtual machine boots into: this Node, a shell, and a bundle beside the built product. `only`: the cases to ask, a
 * regular expression; `share`: which part of that, as "0/2" is the first of two. `modules`: what the guest may load, one after the
 * other.
 */
export function initramfs(root, { bundle, only = "", share = "0/1", modules = [] }) {
  const libraries = new Set([process.execPath, ...PROGRAMS].flatMap(librariesOf));
  const ours = PRODUCT.flatMap((part) => filesBelow(root, part));
  const files = [
    file("/init", INIT),
    file("/start", START),
    file("/bin/node", readFileSync(process.execPath)),
    ...PROGRAMS.map((path) => file(path, readFileSync(path))),
    ...[...libraries].map((path) => file(path, readFileSync(realpathSync(path)))),
    file("/nsatlas/guest.js", readFileSync(bundle)),
    file("/nsatlas/only", only),
    file("/nsatlas/share", share),
    ...modules.map(({ name, content }, at) => file(`/nsatlas/modules/${at}-${name}`, content)),
    ...ours.map((path) => file(join("/nsatlas", path), readFileSync(join(root, path)))),
  ];
  const empty = ["/proc", "/dev", "/sys", "/tmp", "/run", "/mnt"];
  const folders = new Set([...empty, ...files.flatMap(({ path }) => parentsOf(path))]);
  const console = device("/dev/console", 5, 1);
  return archive([...[...folders].sort().map(folder), console, ...files]);
}

/** A file, or all files of a folder, by their paths below `root`. */
function filesBelow(root, path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesBelow(root, join(path, name)));
}

/** The folders above a path, the highest first. */
function parentsOf(path) {
  const parent = dirname(path);
  return parent === "/" ? [] : [...parentsOf(parent), parent];
}

/** The shared libraries of a program, the loader among them, under the names by which they are looked for. */
function librariesOf(program) {
  const { status, stdout } = spawnSync("ldd", [program], { encoding: "utf8" });
  if (status !== 0) throw new Explained(`ldd ${program} failed: the guest cannot have that program`);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path);
}
