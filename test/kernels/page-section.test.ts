import { expect, test } from "vitest";
import type { Difference } from "./judge.ts";
import { differencesOf } from "./page-section.ts";

const NONE: ReadonlySet<string> = new Set();
const told = (...differences: Difference[]): string => differencesOf(differences, NONE).join("\n");

test("facts with the same two answers stand in one row, and what their names begin with is said once", () => {
  const fact = (name: string, kernel: string): Difference => ({
    id: `fact ioctl.${name}`,
    kernel,
    model: "success",
  });
  const page = told(
    fact("ID.ipc", "error ENOTTY"),
    fact("NEXT.null", "error ENOTTY"),
    fact("ID.net", "error ENOTTY"),
    fact("ID.own", "error EPERM"),
    fact("ID.uts", "error ENOTTY"),
  );
  expect(page).toContain("| ioctl.ID.{ipc, net, uts}, ioctl.NEXT.null | error ENOTTY | success |");
  expect(page).toContain("| ioctl.ID.own | error EPERM | success |");
});

test("of a script the calls that gave something else are told by their number, three at the most", () => {
  const script = { id: "script: five calls", kernel: "a 0; b EPERM; c 1; d 2; e 3", model: "a 0; b 0; c 1; d 0; e 0" };
  expect(told(script)).toContain("| five calls | 2. b EPERM<br>4. d 2<br>5. e 3 | 2. b 0<br>4. d 0<br>5. e 0 |");
  const longer = { ...script, kernel: `${script.kernel}; f 1; g|h 2` };
  expect(told(longer)).toContain("5. e 3<br>and 2 more |");
});

test("what the model of the same release cannot explain is marked, a bar does not end a cell, and long answers are cut", () => {
  const id = "fact fh.name";
  const page = differencesOf([{ id, kernel: "a|b", model: "x".repeat(200) }], new Set([id])).join("\n");
  expect(page).toContain("| fh.name | a\\|b<br>(the model of this release says otherwise) | xxxx");
  expect(page).toMatch(/ x{120} … \|/);
});
