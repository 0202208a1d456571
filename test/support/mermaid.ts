import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createContext, runInContext } from "node:vm";

/** Mermaid's own parser: the kind of diagram, or what it expected instead. */
export async function parsedByMermaid(text: string): Promise<string> {
  const context = createContext({ setTimeout, clearTimeout, URL, structuredClone });
  // Without a browser DOMPurify is a function that lacks these. It cleans texts for a page; the parser does not need it.
  runInContext("Function.prototype.addHook = () => {}; Function.prototype.sanitize = (text) => text;", context);
  runInContext(readFileSync(createRequire(import.meta.url).resolve("@mermaid-js/tiny"), "utf8"), context);
  context["text"] = text;
  const answer: unknown = await runInContext(
    "mermaid.parse(text).then(({ diagramType }) => diagramType, ({ message }) => String(message))",
    context,
  );
  return String(answer);
}
