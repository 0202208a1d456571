import { describe, expect, test } from "vitest";
import { kindOfLink, LINKS } from "../../../src/abi/proc-links.ts";
import { LiveObserver } from "../../../src/kernel/live/observer.ts";
import type { LinkPlace, ProcessScan } from "../../../src/kernel/observer.ts";
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
