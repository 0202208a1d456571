import { build } from "rolldown";

/** Fills `folder` with the program that plays calls on the model and on the running kernel, bundled for plain Node. */
export async function makeDifferential(root, folder) {
  await build({
    cwd: root,
    input: { main: "test/differential/main.ts" },
    platform: "node",
    // Node 20 does not know `using`.
    transform: { target: "node20" },
    output: { dir: folder, format: "esm" },
    logLevel: "warn",
  });
}
