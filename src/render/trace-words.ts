import { COLON } from "../messages/errors.ts";
import { safeText, type Charset } from "../messages/safe-text.ts";
import { TRACES } from "../messages/traces.ts";
import type { NamespaceRecord, Trace, TracePart } from "../snapshot/types.ts";
import type { ShowSource } from "./show-source.ts";

/** As engines print ids where they are short on room: Docker, Podman and crictl take so many digits in place of all. */
const SHORT_ID = 12;
const SHORT_UID = 8;
const WHOLE_ID = /^[0-9a-f]{64}$/;
const WHOLE_UID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/** Between a thing and what was made inside it. No name that a kernel or systemd takes has blanks around it. */
const INSIDE = " > ";

/** `docker/0f3b2c4d5e6f`, `pod/0125ec2f > containerd/ee4b20e90ac7`; the whole ids where asked for. */
const traceName = (trace: Trace, charset: Charset, ids: "short" | "whole" = "short"): string =>
  safeText(unsafeTraceName(trace, ids), charset);

/** The same as it is written: who prints it has to make it safe. */
export const unsafeTraceName = ({ parts }: Trace, ids: "short" | "whole"): string =>
  parts.map((part) => partName(part, ids)).join(INSIDE);

/** The name by the surest trace; undefined where there is none. */
export function traceNameOf({ traces }: NamespaceRecord, charset: Charset): string | undefined {
  const [surest] = traces ?? [];
  return surest === undefined ? undefined : traceName(surest, charset);
}

function partName({ kind, engine, name }: TracePart, ids: "short" | "whole"): string {
  const told = ids === "whole" ? name : shortened(name);
  switch (kind) {
    // A unit's name says what it is.
    case "unit":
    case "slice":
      return told;
    case "container":
    case "app":
      return `${engine ?? kind}/${told}`;
    case "pod":
      return engine === "kubernetes" ? `pod/${told}` : `${engine}-pod/${told}`;
    case "monitor":
    case "sandbox":
      return `${engine}-${kind}/${told}`;
    case "machine":
    case "session":
    case "user":
      return `${kind}/${told}`;
  }
}

function shortened(name: string): string {
  if (WHOLE_ID.test(name)) return name.slice(0, SHORT_ID);
  return WHOLE_UID.test(name) ? name.slice(0, SHORT_UID) : name;
}

/** Each trace in full, and behind it where it is written. */
export function traceTexts({ index, namespace, language, charset }: ShowSource): string[] {
  const proc = index.snapshot.viewpoint.proc ?? "/proc";
  return (namespace.traces ?? []).flatMap((trace) => {
    const [first] = trace.parts;
    const name = `${traceName(trace, charset, "whole")}${first?.qos === undefined ? "" : ` (${first.qos})`}`;
    const pattern = trace.parts.at(-1)?.pattern ?? "";
    return [
      `${name}${COLON[language]} ${evidence(trace, { proc, language, charset })} (${pattern})`,
      ...(trace.parts.length > 1 ? [TRACES.inside[language]] : []),
      ...(isOutside(trace) ? [TRACES.outside[language]] : []),
      ...(trace.from === "cgroup" && trace.others !== undefined
        ? [TRACES.others[language]({ count: trace.others })]
        : []),
    ];
  });
}

const isOutside = (trace: Trace): boolean => trace.from === "cgroup" && /^\d+:[^:]*:\/\.\.(?:\/|$)/.test(trace.line);

function evidence(
  trace: Trace,
  { proc, language, charset }: { proc: string; language: ShowSource["language"]; charset: Charset },
): string {
  if (trace.from === "pin") return TRACES.pin[language]({ path: safeText(trace.path, charset) });
  const { pid, tid, line } = trace;
  const file = `${safeText(proc, charset)}/${pid}${tid === undefined ? "" : `/task/${tid}`}/cgroup`;
  return TRACES.cgroup[language]({ file, line: safeText(line, charset) });
}
