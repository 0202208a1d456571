import { join } from "node:path";
import { expect, test } from "vitest";
import { procedureText, proceduresOf, proceduresPage } from "../support/procedures.ts";
import { ROOT } from "../support/sources.ts";

test("docs/procedures.md has every procedure of the sources, with its checks in their order", async () => {
  await expect(proceduresPage()).toMatchFileSnapshot(join(ROOT, "docs/procedures.md"));
});

test("a procedure's steps are its refusals and those that it asks, in the order of its text", () => {
  const maySetns = proceduresOf("src/rules").find(({ name }) => name === "maySetns");
  expect(maySetns === undefined ? undefined : procedureText(maySetns)).toMatchInlineSnapshot(`
    "### maySetns

    SETNS for the descriptor of a namespace file: \`nstype\` guards the kind (0: any), then each kind has its own checks, in the kernel's order. Kernel: kernel/nsproxy.c setns, and the \`install\` of each kind.

    1. EINVAL \`nstype-differs\`: The namespace is of another kind than nstype asks for.
    2. what \`mayInstall\` says
    "
  `);
});
