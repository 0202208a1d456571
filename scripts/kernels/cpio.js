/** A cpio archive (newc), as the kernel unpacks one at boot. Source: Documentation/driver-api/early-userspace/buffer-format.rst. */
const MAGIC = "070701";
const FOLDER = 0o040_755;
const PROGRAM = 0o100_755;
const CHARACTER_DEVICE = 0o020_600;

export const folder = (path) => ({ path, mode: FOLDER, content: Buffer.alloc(0) });
export const file = (path, content) => ({ path, mode: PROGRAM, content: Buffer.from(content) });
export const device = (path, major, minor) => ({
  path,
  mode: CHARACTER_DEVICE,
  content: Buffer.alloc(0),
  device: [major, minor],
});

/** The parts of an archive: a folder must come before what is in it. */
export const archive = (entries) =>
  [...entries, { path: "TRAILER!!!", mode: 0, content: Buffer.alloc(0) }].flatMap((entry, at) =>
    entryOf(entry, at + 1),
  );

function entryOf({ path, mode, content, device: [major, minor] = [0, 0] }, inode) {
  const name = Buffer.from(`${path.replace(/^\//, "")}\0`);
  const [uid, gid, links, time, checksum] = [0, 0, 1, 0, 0];
  const numbers = [inode, mode, uid, gid, links, time, content.length, 0, 0, major, minor, name.length, checksum];
  const header = Buffer.from(MAGIC + numbers.map((number) => number.toString(16).padStart(8, "0")).join(""));
  return [header, name, filling(header.length + name.length), content, filling(content.length)];
}

/** Header and content each begin at a multiple of four bytes. */
const filling = (length) => Buffer.alloc((4 - (length % 4)) % 4);
