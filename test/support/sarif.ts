import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";

const FILE = join(import.meta.dirname, "../caps/sarif/sarif-2.1.0-rtm.5.json");

let made: ValidateFunction | undefined;

/** What the JSON schema of SARIF 2.1.0 finds wrong with a log. */
export function sarifIssues(log: unknown): readonly string[] {
  const validate = (made ??= compiled());
  validate(log);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function compiled(): ValidateFunction {
  // It is written in the fourth draft, of which it uses what later ones kept; only its own address is spelled otherwise.
  const { $schema, id, ...schema }: Record<string, unknown> = JSON.parse(readFileSync(FILE, "utf8"));
  if (typeof $schema !== "string" || typeof id !== "string") throw new Error("the schema says what it is");
  return new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(schema);
}
