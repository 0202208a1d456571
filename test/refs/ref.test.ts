import fc from "../support/property.ts";
import { describe, expect, test } from "vitest";
import { REF_RULES, type RefRule } from "../../src/messages/ref-rules.ts";
import { parseRef } from "../../src/refs/ref.ts";
import { parseWho } from "../../src/refs/who.ts";

describe("a REF", () => {
  test.each([
    ["/proc/42/ns/net", { form: "path", path: "/proc/42/ns/net" }],
    ["./pin", { form: "path", path: "./pin" }],
    ["../pin", { form: "path", path: "../pin" }],
    ["/a\nb\u001b[31m", { form: "path", path: "/a\nb\u001b[31m" }],
    ["net:/run/netns/blue", { form: "path", path: "/run/netns/blue", kind: "net" }],
    ["uts:./pin", { form: "path", path: "./pin", kind: "uts" }],
    ["net:[4026531833]", { form: "inode", inode: "4026531833", kind: "net" }],
    ["net:4026531833", { form: "inode", inode: "4026531833", kind: "net" }],
    ["net:[0:4/4026531833]", { form: "id", id: "0:4/4026531833", kind: "net" }],
    ["net:[00:04/07]", { form: "id", id: "0:4/7", kind: "net" }],
    ["net:id:4711", { form: "unique-id", uniqueId: "4711", kind: "net" }],
    ["net:id:18446744073709551615", { form: "unique-id", uniqueId: "18446744073709551615", kind: "net" }],
    ["42/net", { form: "link", process: 42, link: "net" }],
    ["42/43/net", { form: "link", process: 42, thread: 43, link: "net" }],
    ["self/user", { form: "link", process: "self", link: "user" }],
    ["self/7/user", { form: "link", process: "self", thread: 7, link: "user" }],
    ["42/pid_for_children", { form: "link", process: 42, link: "pid_for_children" }],
    ["net:blue", { form: "name", name: "blue", kind: "net" }],
    ["net:id", { form: "name", name: "id", kind: "net" }],
    ["net:...", { form: "name", name: "...", kind: "net" }],
    ["net:bleu-été", { form: "name", name: "bleu-été", kind: "net" }],
    [`net:${"\udcff".repeat(255)}`, { form: "name", name: "\udcff".repeat(255), kind: "net" }],
    ["fd:7", { form: "fd", fd: 7 }],
    ["4026531833", { form: "inode", inode: "4026531833" }],
    ["0004", { form: "inode", inode: "4" }],
  ])("%j is read", (text, value) => {
    expect(parseRef(text)).toEqual({ ok: true, value });
  });

  const LONG = "x".repeat(5000);
  const BROKEN: [string, RefRule][] = [
    ["", "empty"],
    ["net", "no-known-form"],
    ["blue", "no-known-form"],
    [LONG, "no-known-form"],
    ["..", "no-known-form"],
    [".", "no-known-form"],
    ["-1", "no-known-form"],
    [" 42", "no-known-form"],
    ["a/b", "no-known-form"],
    ["\u001b]0;title\u0007", "no-known-form"],
    [`/${LONG}`, "path-too-long"],
    [`/${"x".repeat(256)}`, "path-too-long"],
    [`/${"é".repeat(128)}`, "path-too-long"],
    [`net:/${LONG}`, "path-too-long"],
    [`/${"x/".repeat(2500)}`, "path-too-long"],
    ["/a\0b", "path-with-nul"],
    ["nett:blue", "unknown-kind"],
    [":blue", "unknown-kind"],
    ["NET:[1]", "unknown-kind"],
    ["net:", "kind-names-nothing"],
    ["0", "bad-inode"],
    ["18446744073709551616", "bad-inode"],
    ["9".repeat(5000), "bad-inode"],
    ["net:0", "bad-inode"],
    ["net:[0]", "bad-inode"],
    ["net:[]", "bad-inode"],
    ["net:[x]", "bad-inode"],
    ["net:[-1]", "bad-inode"],
    ["net:[0:4/0]", "bad-device"],
    ["net:[0:4]", "bad-device"],
    ["net:[4294967296:4/1]", "bad-device"],
    ["net:[a:b/1]", "bad-device"],
    ["net:[4026531833", "bracket-not-closed"],
    ["net:[4026531833]x", "bracket-not-closed"],
    ["net:id:", "bad-unique-id"],
    ["net:id:0", "bad-unique-id"],
    ["net:id:x", "bad-unique-id"],
    ["net:id:18446744073709551616", "bad-unique-id"],
    ["uts:blue", "name-is-for-net"],
    ["net:.", "bad-name"],
    ["net:..", "bad-name"],
    ["net:a/b", "bad-name"],
    ["net:a\nb", "bad-name"],
    ["net:\u001b[31mred", "bad-name"],
    [`net:${LONG}`, "bad-name"],
    ["0/net", "bad-pid"],
    ["4194305/net", "bad-pid"],
    ["99999999999999999999999/net", "bad-pid"],
    ["-5/net", "bad-pid"],
    ["42/0/net", "bad-thread"],
    ["42/x/net", "bad-thread"],
    ["42//net", "bad-thread"],
    ["42/nett", "unknown-link"],
    ["42/", "unknown-link"],
    ["42/43/44/net", "too-many-parts"],
    ["fd:", "bad-fd"],
    ["fd:-1", "bad-fd"],
    ["fd:x", "bad-fd"],
    ["fd:1073741817", "bad-fd"],
  ];
  test.each(BROKEN.map(([text, rule]) => [text.slice(0, 40), rule, text] as const))(
    "%j breaks the rule %s",
    (_, rule, text) => expect(parseRef(text)).toMatchObject({ ok: false, rule }),
  );

  test("some name breaks each rule", () => {
    const broken = new Set<string>([...BROKEN.map(([, rule]) => rule), "who-needs-pid-namespace"]);
    expect(Object.keys(REF_RULES).filter((rule) => !broken.has(rule))).toEqual([]);
  });
  test("any text is read or breaks a rule, in time that its length bounds", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from("net:uspid[]/.0149@f\n\u001bé")) }), (text) => {
        const answer = parseRef(text);
        expect(answer.ok || answer.rule in REF_RULES).toBe(true);
      }),
    );
  });
});

describe("a WHO", () => {
  test.each([
    ["42", { process: 42 }],
    ["self", { process: "self" }],
    ["42/43", { process: 42, thread: 43 }],
    ["42@pid:[4026532201]", { process: 42, in: { form: "inode", inode: "4026532201", kind: "pid" } }],
    ["42/43@7/pid", { process: 42, thread: 43, in: { form: "link", process: 7, link: "pid" } }],
    ["42@/proc/7/ns/pid", { process: 42, in: { form: "path", path: "/proc/7/ns/pid" } }],
  ])("%j is read", (text, value) => expect(parseWho(text)).toEqual({ ok: true, value }));

  test.each([
    ["", "empty"],
    ["x", "bad-pid"],
    ["0", "bad-pid"],
    ["4194305", "bad-pid"],
    ["42/x", "bad-thread"],
    ["42/43/44", "too-many-parts"],
    ["42@", "empty"],
    ["42@net:[1]", "who-needs-pid-namespace"],
    ["42@7/net", "who-needs-pid-namespace"],
    ["self@pid:[1]", "who-needs-pid-namespace"],
    ["42@fd:3", undefined],
  ])("%j: %s", (text, rule) =>
    expect(parseWho(text)).toMatchObject(rule === undefined ? { ok: true } : { ok: false, rule }),
  );
});
