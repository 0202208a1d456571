import { build } from "rolldown";

/** Fills `folder` with the program that judges mutants of the rules, for plain Node; packages stay where they are. */
export async function makeMutation(root, folder) {
  await build({
    cwd: root,
    input: { main: "test/mutation/main.ts" },
    platform: "node",
    external: /^(node:|[a-z])/,
    // Node 20 does not know `using`.
    transform: { target: "node20" },
    output: { dir: folder, format: "esm" },
    logLevel: "warn",
  });
}
