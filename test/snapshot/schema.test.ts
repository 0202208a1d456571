import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "../support/property.ts";
import { expect, expectTypeOf, test } from "vitest";
import type * as z from "zod";
import { encodeSnapshot } from "../../src/snapshot/encode.ts";
import { redact } from "../../src/snapshot/redact.ts";
import { snapshotJsonSchema, type snapshotSchema } from "../../src/snapshot/schema.ts";
import type { Snapshot } from "../../src/snapshot/types.ts";
import { anySnapshot } from "../support/arbitrary-snapshot.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";

/** Whether a text is right by the published schema alone, as another program would find. */
const ajv = new Ajv2020({ allErrors: true, strict: true });
const validate = ajv.compile(snapshotJsonSchema());
const isValid = (text: string): boolean => validate(JSON.parse(text));

test("the published schema is the one that is checked (npm run schemas writes it)", async () => {
  const text = `${JSON.stringify(snapshotJsonSchema(), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../schemas/snapshot-2.json");
});

test("the schema has every field of the types, and no other", () => {
  type Read = z.output<typeof snapshotSchema>;
  type Field<T> = T extends readonly (infer Item)[] ? keyof Item : keyof T;
  expectTypeOf<keyof Read>().toEqualTypeOf<keyof Snapshot>();
  expectTypeOf<Field<Read["viewpoint"]>>().toEqualTypeOf<Field<Snapshot["viewpoint"]>>();
  expectTypeOf<Field<Read["coverage"]>>().toEqualTypeOf<Field<Snapshot["coverage"]>>();
  expectTypeOf<Field<Read["namespaces"]>>().toEqualTypeOf<Field<Snapshot["namespaces"]>>();
  expectTypeOf<Field<Read["processes"]>>().toEqualTypeOf<Field<Snapshot["processes"]>>();
  expectTypeOf<Field<Read["threads"]>>().toEqualTypeOf<Field<Snapshot["threads"]>>();
  expectTypeOf<Field<Read["descriptors"]>>().toEqualTypeOf<Field<Snapshot["descriptors"]>>();
  expectTypeOf<Field<Read["pins"]>>().toEqualTypeOf<Field<Snapshot["pins"]>>();
  expectTypeOf<Field<Read["names"]>>().toEqualTypeOf<Field<Snapshot["names"]>>();
});

test("the schema of format 1 is still there, and a file of that time is valid by it", () => {
  const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
  const old = read("../../schemas/snapshot-1.json");
  expect(new Ajv2020({ strict: true }).validate(Object(old), read("format-1.json"))).toBe(true);
});

test("whatever encode writes is valid, redacted or not", () => {
  fc.assert(
    fc.property(anySnapshot(), (snapshot) => {
      for (const text of [encodeSnapshot(snapshot), encodeSnapshot(redact(snapshot))]) {
        if (!isValid(text)) throw new Error(ajv.errorsText(validate.errors));
      }
    }),
  );
});

test("what is wrong in a field is invalid", () => {
  const good = snapshot({
    namespaces: [namespace("user", 1)],
    processes: [process(42, { namespaces: { user: idOf(1) } })],
  });
  const damages: Record<string, (snapshot: Snapshot) => object> = {
    "a newer format": (snapshot) => ({ ...snapshot, version: 3 }),
    "no format": ({ format: _format, ...rest }) => rest,
    "one field more": (snapshot) => ({ ...snapshot, colour: "blue" }),
    "a pid that is a text": (snapshot) => ({ ...snapshot, processes: [{ ...process(42), pid: "42" }] }),
    "a pid of 0": (snapshot) => ({ ...snapshot, processes: [process(0)] }),
    "an unknown kind": (snapshot) => ({ ...snapshot, namespaces: [{ ...namespace("user", 1), kind: "colour" }] }),
    "an id without device": (snapshot) => ({ ...snapshot, namespaces: [{ ...namespace("user", 1), id: "1" }] }),
    "an owner that is neither": (snapshot) => ({ ...snapshot, namespaces: [{ ...namespace("user", 1), owner: {} }] }),
  };
  expect(isValid(JSON.stringify(good))).toBe(true);
  for (const [name, damage] of Object.entries(damages)) {
    expect([name, isValid(JSON.stringify(damage(good)))]).toEqual([name, false]);
  }
});
