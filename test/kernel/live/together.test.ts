import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { namespaceId } from "../../../src/abi/ids.ts";
import { kindOfLink, LINKS } from "../../../src/abi/proc-links.ts";
import { MountLines } from "../../../src/discover/mount-lines.ts";
import { LiveObserver } from "../../../src/kernel/live/observer.ts";
import type { ShownTable } from "../../../src/kernel/mounting.ts";
import type { LinkPlace, ProcessScan } from "../../../src/kernel/observer.ts";
import { parseMountinfo, parseMountLines, type KnownMounts } from "../../../src/procfs/mountinfo.ts";
import { ok, refused, type Outcome } from "../../../src/rules/outcome.ts";
import { needs } from "../../support/needs.ts";
import { theAddon } from "../../support/the-addon.ts";
import { hold } from "./held-process.ts";
import { LINKS_ONLY } from "./scanners.ts";

const observer = (): LiveObserver => new LiveObserver(theAddon());
const scanned = async (wish: { descriptors?: number } = {}): Promise<ProcessScan> => {
  const scan = await observer().scan({ ...LINKS_ONLY, ...wish });
  if (!scan.ok) throw new Error(`the scan gave ${scan.errno}`);
  return scan.value;
};

describe("links opened together", needs("native"), () => {
  test("say of themselves what they say when they are asked one by one", async () => {
    const own = LINKS.map((link): LinkPlace => ({ pid: process.pid, link }));
    for (const [nth, together] of (await observer().openLinks(own)).entries()) {
      const link = LINKS[nth] ?? "mnt";
      const alone = observer().open(`/proc/self/ns/${link}`);
      if (!together.ok || !alone.ok) throw new Error(`${link} does not open`);
      using one = together.value;
      using other = alone.value;
      expect([link, one.id, one.kind()]).toEqual([link, other.id, { ok: true, value: kindOfLink(link) }]);
      expect([link, one.uniqueId(), one.ownerUid(), one.netnsid()]).toEqual([
        link,
        other.uniqueId(),
        other.ownerUid(),
        other.netnsid(),
      ]);
      expect(one.existsSince()).toBeCloseTo(other.existsSince() ?? 0, 0);
      for (const [above, opened] of [
        ["owner", one.openOwner()],
        ["parent", one.openParent()],
      ] as const) {
        expect([link, above, one.told(above)]).toEqual([
          link,
          above,
          opened.ok ? { ok: true, value: opened.value.id } : expect.objectContaining({ errno: opened.errno }),
        ]);
        if (opened.ok) opened.value[Symbol.dispose]();
      }
    }
  });

  test("a process that is not there is ENOENT, and the others open", async () => {
    const links = [4_194_304, process.pid].map((pid): LinkPlace => ({ pid, link: "net" }));
    const [gone, there] = await observer().openLinks(links);
    expect(gone).toEqual({ ok: false, errno: "ENOENT" });
    expect(there?.ok).toBe(true);
    if (there?.ok === true) there.value[Symbol.dispose]();
  });
});

describe("processes looked at again", needs("native"), () => {
  const again = (scan: ProcessScan, pid: number, links: number): Promise<Uint8Array> =>
    observer().sameStill(scan, { rows: Uint32Array.of(scan.pid.indexOf(pid)), links: Uint16Array.of(links) });
  const ALL = (1 << LINKS.length) - 1;

  test("are the same as long as they live, and not after", async () => {
    const held = await hold("sh", ["-c", "echo ready; exec cat"]);
    const scan = await scanned();
    expect([...(await again(scan, held.pid, ALL))]).toEqual([1]);
    await held[Symbol.asyncDispose]();
    expect([...(await again(scan, held.pid, 0))]).toEqual([0]);
  });

  test("are not the same where a link in question shows another namespace", async () => {
    const scan = await scanned();
    const row = scan.pid.indexOf(process.pid);
    scan.links.uts.inode[row] = 1;
    expect([...(await again(scan, process.pid, ALL))]).toEqual([0]);
    expect([...(await again(scan, process.pid, 1 << LINKS.indexOf("net")))]).toEqual([1]);
  });

  test("are not the same where the folder of their number is another's", async () => {
    const scan = await scanned();
    const row = scan.pid.indexOf(process.pid);
    scan.folder?.fill(1, row, row + 1);
    expect([...(await again(scan, process.pid, 0))]).toEqual([0]);
  });
});

describe("mount tables read together", needs("native"), () => {
  const known: KnownMounts = new Map();
  const told = ({ rest, numbers }: ShownTable) => {
    const lines = parseMountLines(rest, known);
    if (!lines.ok) throw new Error(lines.text);
    return lines.value.map((line, nth) => ({ id: numbers[2 * nth], parent: numbers[2 * nth + 1], ...line }));
  };
  /** In a copy of our mount namespace, which nobody else changes. */
  const copy = () => hold("unshare", ["-Urm", "sh", "-c", "echo ready; exec cat"]);

  test(
    "have what mountinfo has, and say of which namespace, and how many there are",
    needs("user-namespaces"),
    async () => {
      await using one = await copy();
      await using other = await copy();
      const pids = [one.pid, other.pid];
      const tables = await observer().mountTables(Int32Array.from(pids));
      for (const [nth, table] of tables.entries()) {
        if (!table.ok) throw new Error(table.errno);
        const folder = `/proc/${pids[nth]}`;
        const opened = observer().open(`${folder}/ns/mnt`);
        if (!opened.ok) throw new Error(opened.errno);
        using file = opened.value;
        expect([table.value.id, table.value.count]).toEqual([file.id, file.mountCount()]);
        expect({ ok: true, value: told(table.value) }).toEqual(
          parseMountinfo(readFileSync(`${folder}/mountinfo`, "utf8")),
        );
        const mounts = new MountLines(known).tell(table.value, one.pid);
        expect([...(mounts?.mounts ?? [])]).toEqual(told(table.value));
        expect([...(mounts?.ids ?? [])]).toEqual(told(table.value).map(({ id }) => id));
      }
    },
  );

  test(
    "a table of 1,000 mounts, beyond the room that each is given at first, is read whole",
    needs("user-namespaces"),
    async () => {
      // Each has all before it in it once more.
      const doubled = "for n in 0 1 2 3 4 5 6 7 8 9; do mkdir /tmp/$n && mount --rbind /tmp /tmp/$n || exit 1; done";
      const script = `mount -t tmpfs none /tmp && ${doubled}; echo ready; exec cat`;
      await using large = await hold("unshare", ["-Urm", "sh", "-c", script]);
      const tables = await observer().mountTables(Int32Array.of(process.pid, large.pid, process.pid));
      const texts = [process.pid, large.pid, process.pid].map((pid) => readFileSync(`/proc/${pid}/mountinfo`, "utf8"));
      // More than 32 kB of text, and 4 of numbers.
      expect(texts[1]?.split("\n").length).toBeGreaterThan(1000);
      expect(tables.map((table) => table.ok && { ok: true, value: told(table.value) })).toEqual(
        texts.map((text) => parseMountinfo(text)),
      );
    },
  );

  test("a process with another root has none, nor has one that is not there", needs("user-namespaces"), async () => {
    await using chrooted = await hold("unshare", ["-Ur", "--root=/usr", "sh", "-c", "echo ready; exec cat"]);
    const tables = await observer().mountTables(Int32Array.of(chrooted.pid, 4_194_304));
    expect(tables).toEqual([
      { ok: false, errno: "ENODATA" },
      { ok: false, errno: "ENOENT" },
    ]);
  });

  test("fewer mounts than the kernel counts are not taken for all", () => {
    const line = "0:1 / / rw - tmpfs none rw\n";
    const table = { id: namespaceId(4n, 1n), rest: line, numbers: Int32Array.of(7, 1) };
    const tell = (count: Outcome<number>) => new MountLines(known).tell({ ...table, count }, 1)?.answer;
    expect(tell(ok(2))).toBeUndefined();
    expect(tell(ok(1))).toEqual({ value: { by: "mountinfo", readFrom: 1, seen: 1, outOfReach: 0 } });
    expect(tell(refused("ENOTTY"))).toEqual({ value: { by: "mountinfo", readFrom: 1, seen: 1 } });
    expect(new MountLines(known).tell({ ...table, rest: "no mountinfo\n", count: ok(1) }, 1)).toBeUndefined();
  });
});

test("what there is no room for is what comes last, however many threads read", needs("native"), async () => {
  const { descriptors, count } = await scanned({ descriptors: 1 });
  const { seen = 0, vanished = 0, skipped = 0, refused = new Map<number, number>() } = descriptors ?? {};
  const refusals = [...refused.values()].reduce((sum, times) => sum + times, 0);
  expect(skipped).toBeGreaterThan(0);
  // Descriptors that went meanwhile are among those that vanished.
  expect(seen + vanished + skipped + refusals).toBeGreaterThanOrEqual(count);
  // The first table with anything in it was read to its end, and no other.
  expect(new Set(descriptors?.row).size).toBeLessThanOrEqual(1);
  expect(Math.max(0, ...(descriptors?.row ?? []))).toBeLessThan(count - skipped);
});
