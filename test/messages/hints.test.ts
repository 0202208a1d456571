import { expect, test } from "vitest";
import { HINTS, hintFor, SITUATIONS } from "../../src/messages/hints.ts";
import { refusal, sentence } from "../../src/messages/errors.ts";

test("no two rows say what to do about the same", () => {
  const keys = HINTS.map(({ errno, call = "*", situation = "*" }) => `${errno} ${call} ${situation}`);
  expect(keys).toEqual([...new Set(keys)]);
});
test("every situation has a row", () => {
  const known = new Set(HINTS.map(({ situation }) => situation));
  expect(SITUATIONS.filter((situation) => !known.has(situation))).toEqual([]);
});
test("every text ends as a sentence, a quotation or a command does", () => {
  const texts = HINTS.flatMap(({ why, next }) => [why?.en, why?.fr, next.en, next.fr]).filter(
    (text) => text !== undefined,
  );
  expect(texts.filter((text) => !/(\.|blue)$/.test(text))).toEqual([]);
});
test("the most particular row counts", () => {
  const refused = (situation?: "namespace-file", syscall?: string) =>
    hintFor({ code: "ENOTTY", ...(situation && { situation }), ...(syscall && { syscall }) }, "en").hint;
  expect(refused("namespace-file", "openat")).toMatch(/^Name a file of/);
  expect(refused(undefined, "ioctl NS_GET_ID")).toBe("It came with Linux 6.18.");
  expect(refused()).toBeUndefined();
});
test("a refusal names the call, the thing and the errno; a sentence adds why and what next", () => {
  const refused = { code: "EPERM", syscall: "ioctl NS_GET_PARENT", subject: "pid:[4026531836]" } as const;
  expect(refusal(refused, "en")).toBe("ioctl NS_GET_PARENT on pid:[4026531836]: EPERM, operation not permitted.");
  expect(refusal(refused, "fr")).toBe("ioctl NS_GET_PARENT sur pid:[4026531836] : EPERM, opération non permise.");
  expect(refusal({ code: "EIO", syscall: "open", subject: "x" }, "en")).toBe("open x: EIO, input/output error.");
  expect(refusal({ code: "EDOTDOT", syscall: "open", subject: "x" }, "en")).toBe(
    "open x: EDOTDOT, RFS specific error.",
  );
  expect(sentence({ ...refused, reason: "Why.", hint: "Do." }, "en")).toMatch(/permitted\. Why\. Do\.$/);
});
