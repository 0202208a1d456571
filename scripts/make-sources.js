import { build } from "rolldown";

/** Fills `folder` with the program that compares who finds which holder, bundled for plain Node. */
export async function makeSources(root, folder) {
  await build({
    cwd: root,
    input: { main: "test/sources/main.ts" },
    platform: "node",
    // Node 20 does not know `using`.
    transform: { target: "node20" },
    output: { dir: folder, format: "esm" },
    logLevel: "warn",
  });
}
