/**
 * Unpacks newer lsns, nsenter and unshare than the machine's from Debian's next release into .cache/newer-lsns, with the
 * libraries they take and the kernel's headers, for tests to compare with; installs nothing. Without a mirror, or without that release there, it says so and exits with 1.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptIn, run } from "./kernels/debian.js";
import { Explained, say } from "./explained.js";

const SUITE = "sid";
const PACKAGES = [
  "util-linux",
  "libsmartcols1",
  "libmount1",
  "libblkid1",
  "libselinux1",
  "libpcre2-8-0",
  "libc6",
  "linux-libc-dev",
];
const FOLDER = join(import.meta.dirname, "..", ".cache", "newer-lsns");
const HEADER = join(FOLDER, "tree/usr/include/linux/nsfs.h");
const PROGRAMS = ["lsns", "nsenter", "unshare"].map((name) => ({ name, path: join(FOLDER, name) }));

/** By the loader and the libraries of its own suite: this machine's are older. */
const script = (tree, name) => `#!/bin/sh
for loader in '${tree}'/usr/lib/*/ld-linux-*.so.* '${tree}'/usr/lib64/ld-linux-*.so.*; do [ -x "$loader" ] && break; done
for libraries in '${tree}'/usr/lib/*/libsmartcols.so.1; do libraries=\${libraries%/*}; done
exec "$loader" --library-path "$libraries" --argv0 ${name} '${tree}/usr/bin/${name}' "$@"
`;

try {
  if (!existsSync(HEADER) || !PROGRAMS.every(({ path }) => existsSync(path))) unpack();
  for (const { path } of PROGRAMS) say(run(path, ["--version"]).trim());
} catch (error) {
  if (!(error instanceof Explained)) throw error;
  say(`no newer lsns: ${error.message}`);
  process.exitCode = 1;
}

function unpack() {
  rmSync(FOLDER, { recursive: true, force: true });
  const [apt, debs, tree] = ["apt", "debs", "tree"].map((name) => join(FOLDER, name));
  mkdirSync(debs, { recursive: true });
  const options = aptIn(apt, [SUITE]);
  run("apt-get", [...options, "update", "-q"]);
  run("apt-get", [...options, "download", "-q", ...PACKAGES.map((name) => `${name}/${SUITE}`)], { cwd: debs });
  for (const deb of readdirSync(debs)) run("dpkg-deb", ["-x", join(debs, deb), tree]);
  for (const { name, path } of PROGRAMS) {
    writeFileSync(path, script(tree, name));
    chmodSync(path, 0o755);
  }
  for (const spent of [apt, debs]) rmSync(spent, { recursive: true });
}
