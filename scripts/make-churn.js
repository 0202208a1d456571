import { build } from "rolldown";

/** Fills `folder` with the programs that look at a machine while a churner changes it, bundled for plain Node. */
export async function makeChurn(root, folder) {
  await build({
    cwd: root,
    input: { main: "test/churn/main.ts", looker: "test/churn/looker.ts" },
    platform: "node",
    // Node 20 does not know `using`.
    transform: { target: "node20" },
    output: { dir: folder, format: "esm" },
    logLevel: "warn",
  });
}
