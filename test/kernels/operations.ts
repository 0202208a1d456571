import { OPERATION_NAMES } from "../../src/caps/operations.ts";
import { tryEach } from "../caps/live/try-each.ts";
import type { Part } from "./part.ts";

/** Every operation of `can`, tried on a guest's kernel by many, each time beside the answer. */
export const operations: Part = {
  name: "operation",
  async *run({ native, actor }) {
    const { tally, wrong } = await tryEach(native, actor);
    for (const name of OPERATION_NAMES) {
      const { yes, no, unknown, otherwise } = tally.rows.get(name) ?? { yes: 0, no: 0, unknown: 0, otherwise: 0 };
      for (const text of wrong.get(name) ?? []) console.error(text);
      const contradicted = wrong.get(name)?.length ?? 0;
      const should = `let ${yes}, refused ${no}, not foretold ${unknown + otherwise}`;
      yield {
        id: `operation: ${name}`,
        says: contradicted === 0 ? should : `${contradicted} answers are contradicted: ${wrong.get(name)?.[0] ?? ""}`,
        should,
      };
    }
  },
};
