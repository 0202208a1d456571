import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { anyTopology } from "../support/arbitrary-topology.ts";
import fc from "../support/property.ts";
import { readTopology } from "../../src/topology/image/decode.ts";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import { topologyJsonSchema } from "../../src/topology/image/schema.ts";

test("any topology is valid by the published schema, and reads back the same", async () => {
  const validate = new Ajv2020({ strict: true }).compile(topologyJsonSchema());
  await fc.assert(
    fc.asyncProperty(anyTopology({ steps: 40 }), async (topology) => {
      const text = encodeTopology(topology);
      expect([validate(JSON.parse(text)), validate.errors]).toEqual([true, null]);
      expect(await readTopology(text)).toEqual({ ok: true, topology });
    }),
    { numRuns: 100 },
  );
});
