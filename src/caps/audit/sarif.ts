import { AUDIT_RULES, type AuditRule } from "../../messages/audit.ts";
import { MISSING_EVIDENCE } from "../../messages/evidence.ts";
import type { Language } from "../../messages/sentence.ts";
import { gapText } from "../../render/gap-words.ts";
import type { AuditAnswer, AuditFinding } from "./audit.ts";

interface SarifOptions {
  readonly language: Language;
  readonly producer: { readonly name: string; readonly version: string };
}

/**
 * The findings as SARIF 2.1.0 has them: logical locations, since no file is at fault; what could not be looked into as
 * notifications, so that no result is told from nothing seen.
 */
export function auditSarif({ findings, missing, gaps }: AuditAnswer, { language, producer }: SarifOptions): object {
  const rules = Object.keys(AUDIT_RULES) as AuditRule[];
  const place = new Map(rules.map((rule, nth) => [rule, nth]));
  const unseen = [
    ...missing.map((fact) => MISSING_EVIDENCE[fact.what][language](fact)),
    ...gaps.map((gap) => gapText(gap, language)),
  ];
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
        language,
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: unseen.map((text) => ({ level: "note", message: { text } })),
          },
        ],
        results: findings.map((finding) => {
          const { rule, severity, inputs, pids, evidence } = finding;
          return {
            ruleId: rule,
            ruleIndex: place.get(rule),
            level: severity,
            message: { text: AUDIT_RULES[rule].finding[language](inputs) },
            locations: [{ logicalLocations: [{ fullyQualifiedName: inputs.namespace, kind: "resource" }] }],
            partialFingerprints: { "container/v1": fingerprint(finding) },
            properties: { pids, evidence },
          };
        }),
      },
    ],
  };
}

/** The same for the same finding after a restart: namespaces and processes are numbered anew then. */
const fingerprint = ({ rule, inputs: { container, list } }: AuditFinding): string => `${rule} ${container} ${list}`;
