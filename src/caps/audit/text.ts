import { AUDIT, AUDIT_RULES, SEVERITIES } from "../../messages/audit.ts";
import { COLON } from "../../messages/errors.ts";
import { MISSING_EVIDENCE } from "../../messages/evidence.ts";
import { CAPS_WORDS } from "../../messages/caps.ts";
import { safeText } from "../../messages/safe-text.ts";
import { WHO } from "../../messages/who.ts";
import { gapText } from "../../render/gap-words.ts";
import { Page, type TextOptions } from "../page.ts";
import type { AuditAnswer } from "./audit.ts";

/** So many processes of a finding are named, and so many missing facts. */
const MOST = 8;

/** The findings, the gravest first, each with where it was read and what would mend it. */
export function auditText({ findings, missing, gaps }: AuditAnswer, options: TextOptions): string {
  const { language, charset } = options;
  const page = new Page(options);
  const { length } = findings;
  page.say(length === 0 ? AUDIT.nothing[language] : AUDIT.found[language]({ count: length }), {
    paint: page.paint.strong,
  });
  const more = (count: number): string => (count > 0 ? ` ${WHO.more[language]({ count })}` : "");
  for (const { rule, severity, inputs, pids, evidence } of findings) {
    const safe = { ...inputs, container: safeText(inputs.container, charset) };
    page.heading(`${SEVERITIES[severity][language]}${COLON[language]} ${AUDIT_RULES[rule].finding[language](safe)}`);
    for (const { read, of, says } of evidence)
      page.item(`${of === undefined ? read : `${read} (${of})`}${COLON[language]} ${says}`);
    const list = `${pids.slice(0, MOST).join(" ")}${more(pids.length - MOST)}`;
    if (pids.length > 0) page.item(AUDIT.processes[language]({ list }));
    page.item(AUDIT_RULES[rule].remedy[language]);
  }
  if (missing.length + gaps.length === 0) return page.text;
  page.heading(CAPS_WORDS.missing[language]);
  for (const fact of missing.slice(0, MOST)) page.item(MISSING_EVIDENCE[fact.what][language](fact));
  if (missing.length > MOST) page.item(more(missing.length - MOST).trim());
  for (const gap of gaps) page.item(gapText(gap, language));
  return page.text;
}
