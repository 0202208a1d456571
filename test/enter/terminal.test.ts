import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { NSATLAS, runBeside } from "./beside/run-beside.ts";
import { NEWER_NSENTER, NSENTER } from "./live/both.ts";
import { startHolder } from "./live/holder.ts";
import { played, SCENARIOS } from "./terminal-scenarios.ts";

const ROOT = join(import.meta.dirname, "../..");
const UNSHARE = "/usr/bin/unshare";
const NEWER_UNSHARE = join(ROOT, ".cache/newer-lsns/unshare");

/** The machine's own and, where that is unpacked and may be run, a newer one; the last is ours. */
const programs = (own: string, newer: string, ours: string, ordinary: boolean): readonly string[] => {
  const may = existsSync(newer) && runBeside([newer], ["--version"], { ordinary }).code === 0;
  return [own, ...(may ? [newer] : []), `${NSATLAS} ${ours}`];
};

/** All at once: what a scenario takes is mostly waiting. */
async function compare(name: string, lines: readonly { one: string; two: string }[], ordinary: boolean): Promise<void> {
  const scenario = SCENARIOS[name] ?? [];
  const said = await Promise.all(lines.map((line) => played(scenario, { ...line, ordinary })));
  const ours = said.at(-1);
  for (const theirs of said.slice(0, -1)) expect(ours).toEqual(theirs);
  expect(ours?.filter((line) => /^status \d+$/.test(line))).toHaveLength(1);
}

const NEEDED = ["native", "root", "ordinary-user", "user-namespaces"] as const;

describe("at a terminal", needs(...NEEDED, "package:util-linux", "package:python3-minimal"), () => {
  describe.each([
    ["root", false],
    ["an ordinary user", true],
  ])("as %s", (_, ordinary) => {
    test.each(Object.keys(SCENARIOS))("run does what unshare does: %s", { timeout: 90_000 }, async (name) => {
      const all = programs(UNSHARE, NEWER_UNSHARE, "run", ordinary);
      const lines = all.map((program) => ({ one: `${program} -r`, two: `${program} -rf` }));
      await compare(name, lines, ordinary);
    });

    test.each(Object.keys(SCENARIOS))("enter does what nsenter does: %s", { timeout: 90_000 }, async (name) => {
      await using holder = await startHolder(["-U", "-r", "-n", "-p"], { ordinary });
      const words = `-t ${holder.pid} --preserve-credentials -U`;
      const all = programs(NSENTER, NEWER_NSENTER, "enter", ordinary);
      const lines = all.map((program) => ({ one: `${program} ${words} -n`, two: `${program} ${words} -p` }));
      await compare(name, lines, ordinary);
    });
  });
});

test("docs/enter.md has every scenario", async () => {
  const page = readFileSync(PAGE, "utf8");
  const [before = "", rest = ""] = page.split(BEGIN);
  const list = Object.keys(SCENARIOS).map((name) => `- ${name}`);
  await expect(`${before}${BEGIN}\n\n${list.join("\n")}\n\n${rest.slice(rest.indexOf(END))}`).toMatchFileSnapshot(PAGE);
});

const PAGE = join(ROOT, "docs/enter.md");
const BEGIN = "<!-- at a terminal -->";
const END = "<!-- end of at a terminal -->";
