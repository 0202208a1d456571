import { join } from "node:path";
import { build } from "rolldown";

/** Bundles what runs in the guest and what judges it into `folder`: Node 20 runs no TypeScript. */
export async function bundle(root, folder) {
  for (const name of ["guest", "judge"]) {
    await build({
      cwd: root,
      input: { [name]: join("test", "kernels", `${name}.ts`) },
      platform: "node",
      transform: { target: "node20" },
      output: { dir: folder, format: "esm", codeSplitting: false },
      logLevel: "warn",
    });
  }
}
