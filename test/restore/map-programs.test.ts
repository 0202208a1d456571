import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import type { UserNode } from "../../src/topology/nodes.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { asTester, ID } from "../enter/beside/as-tester.ts";
import { NSATLAS } from "../enter/beside/run-beside.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { process as processNode, rootIn, topology, userIn } from "../support/topologies.ts";
import { leftOf } from "./left.ts";

/** As `asTester` has them in /etc/subuid and /etc/subgid. */
const extent = (inside: number, outside: number, count: number) => ({ inside, outside, count });
const USERS = [extent(0, ID, 1), extent(1, 200_000, 1000), extent(5000, 300_000, 7)];
const GROUPS = [extent(0, ID, 1), extent(1, 250_000, 1000), extent(5000, 350_003, 4)];
const linesOf = (map: readonly { inside: number; outside: number; count: number }[]): string =>
  map.map(({ inside, outside, count }) => ` ${inside} ${outside} ${count}\n`).join("");

/** A user namespace of many ids and one within; `comm`: the name of the two that are in them. */
const image = (comm: string, setgroups: UserNode["setgroups"] = "allow", uidMap = USERS): Topology =>
  topology({
    namespaces: [
      { ...userIn("box", "ambient:user", 0, 1, ID), uidMap, gidMap: GROUPS, setgroups },
      { ...userIn("inner", "box", 100, 50, 7), setgroups },
    ],
    processes: [
      processNode({
        label: "one",
        comm,
        namespaces: { user: "box" },
        credentials: { ...rootIn({ uid: 5001, gid: 12 }), groups: setgroups === "deny" ? [] : [5003] },
      }),
      processNode({ label: "two", comm, namespaces: { user: "inner" }, credentials: rootIn({ uid: 3, gid: 4 }) }),
    ],
  });

/** By a shell of the user: nsatlas with words, in a registry of its own; `$1` nsatlas, `$2` the image, `$3` the processes' name. */
const inShell = (script: string, topologyOf: Topology, comm: string, tools: Readonly<Record<string, string>> = {}) => {
  using folder = temporaryFolder();
  chmodSync(folder.path, 0o755);
  const file = join(folder.path, "ids.json");
  writeFileSync(file, encodeTopology(topologyOf), { mode: 0o644 });
  const bin = join(folder.path, "bin");
  mkdirSync(bin);
  for (const [name, text] of Object.entries(tools)) writeFileSync(join(bin, name), text, { mode: 0o755 });
  const own = `export XDG_RUNTIME_DIR=$(mktemp -d); trap 'rm -r "$XDG_RUNTIME_DIR"' EXIT; PATH=${bin}:$PATH`;
  const done = asTester(["sh"], ["-c", `${own}\n${script}`, "sh", NSATLAS, file, comm]);
  return { ...done, err: done.err.replaceAll(/\s+/g, " ") };
};

/** Each process's own files, as cat(1) and grep(1) read them; then all goes. */
const LOOK = `
said=$("$1" restore "$2") || exit
for pid in $(printf '%s\n' "$said" | sed -n 's/^  [a-z]*  //p'); do
  cat /proc/$pid/uid_map /proc/$pid/gid_map /proc/$pid/setgroups
  grep -E '^(Uid|Gid|Groups):' /proc/$pid/status
done
"$1" restore --undo ids > /dev/null`;
/** What a restore that fails leaves: its exit code, and whether its name is free again. */
const FAIL = `"$1" restore "$2"; echo $?; "$1" restore --list > /dev/null; "$1" restore --undo ids 2> /dev/null; echo $?`;

const lacking = needs("native", "root", "ordinary-user", "package:util-linux", "package:uidmap");
const kernel = needs("kernel:pidfd-namespaces");
const nameOf = (what: string): string => `${what}-${process.pid % 100_000}`;
const left = async (comm: string): Promise<readonly string[]> => {
  using folder = temporaryFolder();
  return await leftOf(comm, folder.path);
};

describe("user namespaces of many ids, by an ordinary user whom /etc/subuid gives them", lacking, () => {
  const status = (uid: number, gid: number, groups: string): string =>
    `Uid:${`\t${uid}`.repeat(4)}\nGid:${`\t${gid}`.repeat(4)}\nGroups:\t${groups} \n`;

  test.each(["allow", "deny"] as const)(
    "are restored and verified; setgroups stays as it is: %s",
    kernel,
    async (setgroups) => {
      const comm = nameOf(setgroups);
      expect(inShell(LOOK, image(comm, setgroups), comm)).toEqual({
        code: 0,
        out: [
          ...[linesOf(USERS), linesOf(GROUPS), `${setgroups}\n`],
          // Uid 5001 of the box, gid 12; and 3 and 4 of the inner one, whose 0 is the box's 100.
          status(300_001, 250_011, setgroups === "deny" ? "" : "350006"),
          ...[" 0 200099 50\n", " 0 250099 50\n", `${setgroups}\n`, status(200_102, 250_103, "")],
        ].join(""),
        err: "",
      });
      expect(await left(comm)).toEqual([]);
    },
  );

  test("a dry run says which programs will be called, and calls none", () => {
    const tools = { newuidmap: "#!/bin/sh\necho called", newgidmap: "#!/bin/sh\necho called" };
    const told = inShell('"$1" restore --dry-run "$2"; "$1" restore --dry-run --json "$2"', image("dry"), "dry", tools);
    expect(told.out).toMatch(/newuidmap[^\n]*box[^]*newgidmap[^\n]*box[^]*\{/);
    expect(told.out).not.toContain("called");
    const json: unknown = JSON.parse(told.out.slice(told.out.indexOf("{")));
    expect(json).toMatchObject({
      dryRun: {
        open: [],
        programs: [
          { program: "newuidmap", element: "box" },
          { program: "newgidmap", element: "box" },
        ],
      },
    });
  });

  test("a range that is not the user's is refused before anything happens, with the line that would give it", () => {
    const others = [...USERS.slice(0, 2), extent(5000, 300_005, 4)];
    const { code, out, err } = inShell('"$1" restore "$2"', image("others", "allow", others), "others");
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toContain("newuidmap, for box: EPERM");
    expect(err).toMatch(/\/etc\/subuid [^/]*tester:300007:2 /);
    expect(err).not.toContain("subgid");
  });

  test("without newuidmap on PATH it is refused before anything happens, by name and package", () => {
    const { code, out, err } = inShell(`PATH= ${process.execPath} "$1" restore "$2"`, image("none"), "none");
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toMatch(/newuidmap, for box: ENOENT.*newgidmap, for box: ENOENT.*package uidmap/);
  });

  test("under no_new_privs the dry run knows that the programs would not become root", () => {
    const { code, err } = inShell('setpriv --no-new-privs "$1" restore "$2"', image("nnp"), "nnp");
    expect(code).toBe(4);
    expect(err).toMatch(/no_new_privs/);
  });
});

describe("a program that is to write a map", lacking, () => {
  test.each([
    ["and says no", "echo no >&2; exit 1", "4\n2\n", /no nsatlas: newgidmap box: EPERM/],
    ["and ends by a signal", "kill -9 $$", "4\n2\n", /newgidmap/],
    ["and does not end", "exec sleep 60", "4\n2\n", /newgidmap[^]*ETIMEDOUT/],
    [
      "while nsatlas is killed",
      "kill -9 $PPID",
      "137\nTaken away: ids (0 processes, 0 mounts, 0 files).\n0\n",
      /Killed/,
    ],
  ])("%s: nothing is left", { timeout: 60_000, ...kernel }, async (what, script, out, err) => {
    const comm = nameOf(`gid${what.length}`);
    const told = inShell(FAIL, image(comm), comm, { newgidmap: `#!/bin/sh\n${script}\n` });
    expect(told.out).toBe(out);
    expect(told.err).toMatch(err);
    expect(await left(comm)).toEqual([]);
  });
});
