import { expect, test } from "vitest";
import { criuRefusals } from "../../src/topology/criu/refusals.ts";
import { readWritten } from "../../src/topology/written/decode.ts";

/** What CRIU would refuse of a topology written by hand, a line each. */
async function refused(text: string): Promise<readonly string[]> {
  const read = await readWritten(text, { uid: 0, gid: 0 });
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return criuRefusals(read.topology).map(({ rule, process, reason }) => `${rule} ${process}: ${reason.en}`);
}

const FLAT = `
  pod: { kind: user }
  box: { kind: pid, owner: pod }
  front: { kind: net, owner: pod }
  name: { kind: uts, owner: pod }
  files: { kind: mnt, owner: pod }`;

test("one of each kind for all, and further mount and network namespaces, are none of it", async () => {
  const text = `
namespaces:${FLAT}
  back: { kind: net, owner: pod }
processes:
  init: { in: [box, front, name, files] }
  web: { in: [box, back] }
`;
  expect(await refused(text)).toEqual([]);
});

test.each([
  ["pid", "{ kind: pid, owner: pod, parent: box }"],
  ["user", "{ kind: user, owner: pod }"],
  ["uts", "{ kind: uts, owner: pod }"],
  ["ipc", "{ kind: ipc, owner: pod }"],
  ["time", "{ kind: time, owner: pod }"],
  ["cgroup", "{ kind: cgroup, owner: pod }"],
])("a nested %s namespace is", async (kind, written) => {
  const text = `
namespaces:${FLAT}
  deep: ${written}
processes:
  init: { in: [box, front] }
  web: { in: [box, deep] }
`;
  const own = kind === "pid" ? text.replace("web: { in: [box, deep] }", "web: { in: [deep] }") : text;
  const root = kind === "pid" ? "box" : kind === "user" ? "pod" : `ambient:${kind}`;
  expect(await refused(own)).toEqual([
    `nested web: It is in deep and the first process is not (${root}): CRIU takes further ${kind} namespaces of none but it.`,
  ]);
});

test("so is what belongs to others, what only a file leads to, and a second tree", async () => {
  const text = `
namespaces:${FLAT}
  far: { kind: net }
  held: { kind: net, owner: pod }
processes:
  init: { in: [box, far], holds: [held] }
  beside: {}
`;
  expect(await refused(text)).toEqual([
    "several-trees beside: It is not below the first process: CRIU dumps one tree of processes at a time.",
    "owner init: It is in far of ambient:user: CRIU wants all to belong to pod or below.",
    "descriptor init: Its descriptor 3 is open on held, which no process of the tree is in.",
  ]);
});
