import { can as canDo, type CanAnswer } from "../../caps/can.ts";
import { canText, enterText } from "../../caps/can-text.ts";
import { canEnter } from "../../caps/enter.ts";
import { OPERATION_NAMES } from "../../caps/operations.ts";
import type { Verdict } from "../../caps/power.ts";
import { OPERATION_TEXTS } from "../../messages/operations.ts";
import type { Who } from "../../refs/who.ts";
import { namesIn } from "../../render/namespace-name.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { notDoneTo, readCanWords, type CanWords } from "../can-words.ts";
import { command, type Running } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { resourceOf } from "../find-resource.ts";
import { filesBy } from "../look-at-file.ts";
import { proseWidth } from "../page-width.ts";
import type { SeenPerson } from "../person.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS, type Place } from "../place.ts";
import { vanished } from "../resolve.ts";
import { readLimits, readSysctls } from "../resource.ts";
import { seenPerson } from "../seen-person.ts";
import { readWho } from "../who.ts";

const EXITS: Readonly<Record<Verdict, ExitCode>> = { yes: EXIT.done, no: EXIT.no, unknown: EXIT.unknown };
/** More namespaces than there are kinds, and user namespaces on the way. */
const MOST_WORDS = 48;

/** May it? Yes, no or unknown, with the proof. */
export const can = command({
  name: "can",
  operands: { shown: "WHO CAP|OPERATION|enter REF|RESOURCE…", least: 2, most: MOST_WORDS },
  description: [
    "can WHO CAP REF: whether it has the capability over what REF governs. can WHO OPERATION RESOURCE: whether the kernel's " +
      "permission check lets it; without RESOURCE it is its own namespace of that kind. can WHO enter REF…: whether setns(2) " +
      "would succeed for all of them, in which order, and the nearest change that would make a refused one succeed.",
    "RESOURCE is a REF, pid:42, file:PATH, dev:NAME@REF, mount:PATH, socket:PID/FD, sysctl:NAME, or host. What no file tells " +
      "is taken to be as it mostly is and said; what could be either way is unknown. Exit code 0: yes; 1: no; 3: unknown.",
  ],
  options: PLACE_OPTIONS,
  exclusive: PLACE_EXCLUSIONS,
  formats: ["text"],
  tables: [{ heading: "Operations", rows: OPERATION_NAMES.map((name) => [name, OPERATION_TEXTS[name].en]) }],
  examples: [
    { line: "nsatlas can self chroot", shows: "may this process change its root" },
    { line: "nsatlas can 1 net_admin net:blue --world containers.world", shows: "a capability over a namespace" },
    { line: "nsatlas can 1 kill pid:2 --world containers.world", shows: "an operation on a process" },
    {
      line: "nsatlas can 1 enter user:4026531840 net:blue --world containers.world",
      shows: "whether setns would succeed",
    },
    {
      line: "nsatlas can 4 load-module --world containers.world",
      shows: "root of a container is not root of the machine",
      exit: EXIT.no,
    },
  ],
  async run(running, place, [operand = "", word = "", ...words]) {
    const { language } = running;
    const asked = readCanWords(word, words, language);
    const who = readWho(operand, language);
    const on = words.join(" ");
    if (asked.asks === "operation") return operate(running, place, { operand, who, on, asked });
    const seen = await seenPerson(running, place, { who, operand, refs: asked.refs });
    if (asked.asks === "enter") return enter(running, seen, on);
    const [record] = seen.namespaces;
    const answer = record && canDo(seen.index, seen.person, { capability: asked.capability, namespace: record.id });
    if (answer === undefined || "wanted" in answer) throw vanished(on, language);
    return tell(running, answer);
  },
});

interface Operating {
  /** WHO as it was written, and what it says. */
  readonly operand: string;
  readonly who: Who;
  /** RESOURCE as it was written. */
  readonly on: string;
  readonly asked: Extract<CanWords, { asks: "operation" }>;
}

async function operate(
  running: Running,
  place: Place,
  { operand, who, on, asked: { operation, resource: named, refs } }: Operating,
): Promise<ExitCode> {
  const { language } = running;
  const sockets = named?.form === "socket";
  const attributes = named?.form === "device";
  const seen = await seenPerson(running, place, { who, operand, refs, sockets, attributes });
  const { index, observer, person } = seen;
  const isHere = observer?.source === "live";
  const files = observer && filesBy(observer, { isHere, language });
  const resource = named && resourceOf(named, seen, { isHere, files, language });
  const net =
    resource === undefined
      ? person.process.namespaces.net
      : "namespace" in resource
        ? resource.namespace
        : "process" in resource
          ? resource.process.process.namespaces.net
          : undefined;
  const sysctls = readSysctls(isHere ? observer : undefined, net, index.snapshot.viewpoint.namespaces.net);
  const limits = isHere ? readLimits(observer, person) : undefined;
  const answer = canDo(index, person, {
    operation,
    sysctls,
    ...(limits !== undefined && { limits }),
    ...(resource !== undefined && { resource }),
  });
  if (answer === undefined) throw vanished(on, language);
  if ("wanted" in answer) throw notDoneTo(operation, answer, language);
  return tell(running, answer);
}

function tell(running: Running, answer: CanAnswer): ExitCode {
  const { out, format, color, glyphs, language } = running;
  if (format === "json") out.write(`${toJson(answer)}\n`);
  else out.write(canText(answer, { width: proseWidth(out), color, charset: glyphs.charset, language }));
  return EXITS[answer.verdict];
}

function enter(running: Running, { index, person, namespaces }: SeenPerson, on: string): ExitCode {
  const { out, format, color, glyphs, language } = running;
  const answer = canEnter(index, person, [...new Set(namespaces.map(({ id }) => id))]);
  if (answer === undefined) throw vanished(on, language);
  if (format === "json") out.write(`${toJson(answer)}\n`);
  else {
    const options = { width: proseWidth(out), color, charset: glyphs.charset, language };
    out.write(enterText(answer, namesIn(index.snapshot), options));
  }
  return EXITS[answer.verdict];
}
