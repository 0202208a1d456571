import { join } from "node:path";
import { build } from "rolldown";

/**
 * Bundles what runs in the guest and what judges it into `folder`: Node 20 runs no TypeScript. More to be tried in the guests, on
 * any kernel, is a Part: test/kernels/part.ts says how one is written, test/kernels/parts.ts names them all. Beside the guest's
 * program lie the built product and its native half; programs of the machine are added in initramfs.js.
 */
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
