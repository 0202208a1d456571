import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { build } from "rolldown";

/** What src/cli/page-form.ts imports: the script of the page that `tree --format html` writes, by brotli, in base64. */
const NAME = "nsatlas:page-script";

/** For the bundler and for tests: makes the script of src/page when it is asked for, once. */
export function pagePlugin(root) {
  // No path of a file, and none of the bundler's own either: those are in the part that every start loads.
  const id = join(root, "src/cli/page-script");
  let script;
  return {
    name: "page-script",
    resolveId: (name) => (name === NAME ? id : undefined),
    async load(name) {
      if (name !== id) return undefined;
      script ??= pageScript(root);
      return `export const PACKED_SCRIPT = "${brotliCompressSync(await script).toString("base64")}";`;
    },
  };
}

/** One script for a browser, small: it is in each page, and nobody reads it there. */
async function pageScript(root) {
  const { output } = await build({
    cwd: root,
    input: join(root, "src/page/dom/main.ts"),
    platform: "browser",
    // Browsers of 2023 on: Chrome and Edge 112, Firefox 115, Safari 16.5.
    transform: { target: "es2022" },
    output: { format: "iife", minify: true, comments: false },
    write: false,
    logLevel: "warn",
  });
  return inElement(output[0].code.trim());
}

/** What would end the element, or hide its end, stands in texts alone, where a backslash changes nothing. */
const inElement = (code) => code.replaceAll(/<(?=\/script|!--|script)/gi, "\\x3c");
