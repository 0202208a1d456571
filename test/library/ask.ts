import { join } from "node:path";
import { productFolder } from "../support/product.ts";
import { runOf } from "../support/run.ts";
import type { RunOptions, Viewer } from "../support/viewers.ts";

const LIBRARY = join(productFolder(runOf(process.env)), "dist/index.js");
const RAW = join(productFolder(runOf(process.env)), "dist/raw.js");

/** How to become who asks: words that run the rest, such as `unshare --user`. */
export interface Asker {
  readonly viewer: Viewer;
  readonly through?: readonly string[];
}

/**
 * What the built library gives in a process of its own: the value of an async function's body, as JSON (a bigint is a
 * string there). The body knows `nsatlas` and `raw`, and `tell(call)`, which gives the value or what the error says.
 */
export async function ask(asker: Asker, body: string, options: RunOptions = {}): Promise<unknown> {
  const script = `
    import * as nsatlas from ${JSON.stringify(LIBRARY)};
    import * as raw from ${JSON.stringify(RAW)};
    const tell = async (call) => {
      try {
        return await call();
      } catch (error) {
        if (/[\\x00-\\x1f\\x7f-\\x9f]/.test(error.message)) throw new Error("a message with control characters");
        const { name, code, rule, reason, hint, message } = error;
        return { name, code, rule, reason, hint, message };
      }
    };
    const asJson = (_, value) => (typeof value === "bigint" ? String(value) : value);
    const answer = await (async () => { ${body} })();
    process.stdout.write(JSON.stringify(answer, asJson));
  `;
  const { through = [], viewer } = asker;
  const [program, ...words] = [...through, process.execPath, "--input-type=module", "--eval", script];
  const { code, signal, stdout, stderr } = await viewer.run(program, words, options);
  if (code !== 0) throw new Error(`asking ended with ${code ?? signal}:\n${stderr}`);
  return JSON.parse(stdout);
}
