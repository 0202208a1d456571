import { expect, test } from "vitest";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import { rootsOfContainer } from "../../src/topology/checkpoint/container-roots.ts";
import { process, snapshot } from "../support/small-snapshot.ts";

const ID = "4f".repeat(32);
const OTHER = `4f4f${"0a".repeat(30)}`;
const index = indexSnapshot(
  snapshot({
    processes: [
      process(1, { cgroup: "/init.scope" }),
      process(10, { cgroup: `/system.slice/docker-${ID}.scope` }),
      process(11, { cgroup: `/system.slice/docker-${ID}.scope/worker` }),
      process(20, { cgroup: `/system.slice/docker-${OTHER}.scope` }),
    ],
  }),
);

test("a container's processes are found by its whole id, or as much of it as no other has", () => {
  const roots = [10, 11].map((pid) => ({ of: "process", pid }));
  expect(rootsOfContainer(index, ID)).toEqual({ ok: true, roots });
  expect(rootsOfContainer(index, ID.slice(0, 12))).toEqual({ ok: true, roots });
});

test("what is short for several, or for none, is no name", () => {
  expect(rootsOfContainer(index, "4f4f")).toEqual({ ok: false, why: "several", candidates: [OTHER, ID].toSorted() });
  const none = { ok: false, why: "none", candidates: [OTHER, ID].toSorted() };
  expect(rootsOfContainer(index, "4f4")).toEqual(none);
  expect(rootsOfContainer(index, "web")).toEqual(none);
});
