import { AUDIT_RULES, type AuditRule } from "../../messages/audit.ts";
import type { Language } from "../../messages/sentence.ts";
import type { AuditAnswer } from "./audit.ts";

/** The findings as SARIF 2.1.0 has them: logical locations, since no file is at fault. */
export function auditSarif(
  { findings }: AuditAnswer,
  {
    language,
    producer,
  }: { readonly language: Language; readonly producer: { readonly name: string; readonly version: string } },
): object {
  const rules = Object.keys(AUDIT_RULES) as AuditRule[];
  const place = new Map(rules.map((rule, nth) => [rule, nth]));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: producer.name,
            version: producer.version,
            rules: rules.map((id) => ({ id, help: { text: AUDIT_RULES[id].remedy[language] } })),
          },
        },
        results: findings.map(({ rule, severity, inputs, pids, evidence }) => ({
          ruleId: rule,
          ruleIndex: place.get(rule),
          level: severity,
          message: { text: AUDIT_RULES[rule].finding[language](inputs) },
          locations: [{ logicalLocations: [{ fullyQualifiedName: inputs.namespace, kind: "resource" }] }],
          properties: { pids, evidence },
        })),
      },
    ],
  };
}
