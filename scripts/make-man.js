import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Fills `folder` with the manual pages, which dist/cli.js makes of its own tables: one of nsatlas and one a command. */
export async function makeMan(root, folder) {
  const program = join(root, "dist/cli.cjs");
  const ask = (...words) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, "help", ...words], { encoding: "utf8" });
    if (status !== 0) throw new Error(`nsatlas help ${words.join(" ")}: ${stderr}`);
    return stdout;
  };
  const section = join(folder, "man1");
  mkdirSync(section, { recursive: true });
  writeFileSync(join(section, "nsatlas.1"), ask("--format", "man"));
  for (const { name } of JSON.parse(ask("--json")).commands) {
    writeFileSync(join(section, `nsatlas-${name}.1`), ask(name, "--format", "man"));
  }
}
