import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import { asTester } from "../enter/beside/as-tester.ts";
import { NSATLAS } from "../enter/beside/run-beside.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { process as processNode, topology } from "../support/topologies.ts";

/** Three extents each: ids outside are numbers in the user namespace that `run --map-auto` makes. */
const EXTENTS = [
  { inside: 0, outside: 0, count: 1 },
  { inside: 1, outside: 5, count: 100 },
  { inside: 5000, outside: 600, count: 300 },
];
const image = topology({
  namespaces: [
    {
      label: "box",
      kind: "user",
      owner: "ambient:user",
      creator: { uid: 0 },
      uidMap: EXTENTS,
      gidMap: EXTENTS,
      setgroups: "allow",
      limits: {},
    },
  ],
  processes: [processNode({ label: "one", comm: "three-extents", namespaces: { user: "box" } })],
});

/** In a user namespace of the user's own: what cat(1) says of the restored process, and that it goes again. */
const SCRIPT = `
export XDG_RUNTIME_DIR=$(mktemp -d)
"$1" restore "$2" --name ids > /dev/null || exit
for one in /proc/[0-9]*; do
  [ "$(cat $one/comm 2> /dev/null)" = three-extents ] && cat $one/uid_map $one/gid_map
done
"$1" restore --undo ids > /dev/null; code=$?
rm -r "$XDG_RUNTIME_DIR"; exit $code`;

const lacking = needs("native", "root", "ordinary-user", "package:util-linux", "package:uidmap");
describe("maps of several extents, by an ordinary user who has subordinate ids", lacking, () => {
  test(
    "are refused before anything is done, with the way there is; and that way restores them",
    needs("kernel:pidfd-namespaces"),
    () => {
      using folder = temporaryFolder();
      chmodSync(folder.path, 0o755);
      const file = join(folder.path, "extents.json");
      writeFileSync(file, encodeTopology(image), { mode: 0o644 });
      const refused = asTester([NSATLAS], ["restore", file, "--dry-run"]);
      expect(refused.code).toBe(4);
      expect(refused.err.replaceAll(/\s+/g, " ")).toContain(
        "nsatlas run --map-auto --map-root-user nsatlas restore FILE",
      );
      const inside = ["run", "--map-auto", "--map-root-user", "--", "sh", "-c", SCRIPT, "sh", NSATLAS, file];
      const map = EXTENTS.map(({ inside: first, outside, count }) => ` ${first} ${outside} ${count}\n`).join("");
      expect(asTester([NSATLAS], inside)).toEqual({ code: 0, out: map + map, err: "" });
    },
  );
});
