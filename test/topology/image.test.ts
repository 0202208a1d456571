import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { readTopology } from "../../src/topology/image/decode.ts";
import { encodeTopology } from "../../src/topology/image/encode.ts";
import { topologyJsonSchema } from "../../src/topology/image/schema.ts";
import { drawnTopology } from "../support/topology.ts";

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(topologyJsonSchema());

test("the published schema is the one that is checked (npm run schemas writes it)", async () => {
  const text = `${JSON.stringify(topologyJsonSchema(), undefined, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../schemas/topology-1.json");
});

test("what is written is valid by the published schema, and reads back the same", async () => {
  const image = await drawnTopology(
    `
    user:init
      user:outer by 1000
        user:inner by 1000
    pid:init
      pid:box of user:outer
        pid:deep of user:inner
    net:blue of user:inner empty pin /run/netns/blue
    `,
    "user:outer",
  );
  const text = encodeTopology(image);
  expect([validate(JSON.parse(text)), validate.errors]).toEqual([true, null]);
  expect(await readTopology(text)).toEqual({ ok: true, topology: image });
});
