import type { FormatError } from "../../errors.ts";
import { FORMAT_PLACES } from "../../messages/format-issues.ts";
import type { Language } from "../../messages/sentence.ts";
import { TOPOLOGY_ISSUES } from "../../messages/topology-issues.ts";
import { faultAt, issueInText, issueOf, MOST_ISSUES, type Fault, type Issue, type Path } from "../../snapshot/issue.ts";
import { structureFaults } from "../../snapshot/structure-issues.ts";
import { damageError, type DecodedTopology } from "../image/decode.ts";
import { topologyFaults } from "../laws/laws.ts";
import { TOPOLOGY_VERSION, type Topology } from "../topology.ts";
import { expandWritten } from "./expand.ts";
import type { Maker } from "./maker.ts";
import { parseText, type ParsedText } from "./places.ts";

/**
 * Reads a topology that a person wrote, YAML or JSON, with the defaults for all that is left out. Each step finds every issue
 * there is, up to MOST_ISSUES, before the next begins: the text, its fields, its records among each other. Places are lines
 * and columns.
 */
export async function readWritten(text: string, maker: Maker): Promise<DecodedTopology> {
  const parsed = parseText(text);
  if (!("placeOf" in parsed)) {
    const issues = parsed.map(({ code, ...at }) => issueInText(at, TOPOLOGY_ISSUES["not-yaml"], { code }));
    return wrong(issues);
  }
  // zod takes longer to load than most commands run.
  const { writtenTopology } = await import("./schema.ts");
  const read = writtenTopology.safeParse(parsed.value, { reportInput: true });
  if (!read.success) {
    const issues: Issue[] = [];
    for (const fault of structureFaults(read.error.issues, [], TOPOLOGY_VERSION)) {
      if (issues.push(placed(fault, fault.path, parsed)) === MOST_ISSUES) break;
    }
    return wrong(issues);
  }
  const topology = expandWritten(read.data, maker);
  const issues: Issue[] = [];
  for (const fault of topologyFaults(topology)) {
    if (issues.push(placed(fault, pathInText(topology, fault.path), parsed)) === MOST_ISSUES) break;
  }
  return issues.length > 0 ? wrong(issues) : { ok: true, topology };
}

/** The same for callers who cannot go on without: a FormatError has the issues in the language asked for. */
export async function decodeWritten(text: string, maker: Maker, language: Language = "en"): Promise<Topology> {
  const decoded = await readWritten(text, maker);
  if (decoded.ok) return decoded.topology;
  const error: FormatError = damageError(decoded, language);
  throw error;
}

const wrong = (issues: readonly Issue[]): DecodedTopology => ({ ok: false, newer: false, issues });

/** Line and column, and the field that stands there or should. */
function placed({ message }: Fault, path: Path, { placeOf }: ParsedText): Issue {
  const at = placeOf(path);
  const { place: field } = issueOf(faultAt(path, { en: () => "", fr: () => "" }, {}));
  const of = (language: Language): string =>
    FORMAT_PLACES.text[language](at) + (path.length === 0 ? "" : ` (${field[language]})`);
  return { place: { en: of("en"), fr: of("fr") }, message };
}

/** Where the text has what the topology has at a path: by label, in place of a number in a list. */
function pathInText(topology: Topology, path: Path): Path {
  const [list, nth, ...rest] = path;
  if ((list !== "namespaces" && list !== "processes") || typeof nth !== "number") return path;
  return [list, topology[list][nth]?.label ?? nth, ...rest];
}
