import { describe, expect, test } from "vitest";
import { decodeSnapshot } from "../../src/snapshot/decode.ts";
import { needs } from "../support/needs.ts";
import { PROGRAMS, root } from "../support/viewers.ts";

/** What `script` says where /run/netns is its own, and has one name, which is $n: two bytes that are no UTF-8. */
async function named(script: string): Promise<string> {
  const { stdout, stderr, code } = await root.run("sh", [
    "-c",
    `unshare -m --propagation private sh -c '
       n=$(printf "\\377\\303"); mount -t tmpfs none /run; mkdir /run/netns; touch "/run/netns/$n"
       unshare -n mount --bind /proc/self/ns/net "/run/netns/$n" || exit 1
       ${script}' "$0" "$1"`,
    process.execPath,
    PROGRAMS.nsatlas,
  ]);
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

describe("a name under /run/netns that is no UTF-8", needs("root", "package:util-linux"), () => {
  test("is found", async () => {
    const { names, coverage } = await decodeSnapshot(await named(`"$0" "$1" snapshot -o -`));
    expect(names).toMatchObject([{ name: "\udcff\udcc3" }]);
    expect(coverage.find(({ source }) => source === "names")).toMatchObject({ seen: 1 });
  });
  test("opens by its name and by its path, and is printed as a shell reads it", async () => {
    for (const ref of [`"net:$n"`, `"/run/netns/$n"`]) {
      expect(await named(`"$0" "$1" why ${ref}`)).toContain(String.raw`umount $'/run/netns/\xff\xc3'`);
    }
  });
  test("is entered, and a command's words keep their bytes", async () => {
    const command = `sh -c 'readlink /proc/self/ns/net; printf %s "$1" | od -An -tx1' sh "$n"`.replaceAll("'", `'\\''`);
    const said = await named(`"$0" "$1" enter --ns "net:$n" -- ${command}; readlink /proc/self/ns/net`);
    const [inside, bytes, outside] = said.trimEnd().split("\n");
    expect(inside).toMatch(/^net:\[\d+\]$/);
    expect(inside).not.toBe(outside);
    expect(bytes).toBe(" ff c3");
  });
});
