import { can as canDo, type CanAnswer } from "../../caps/can.ts";
import { canText, enterText } from "../../caps/can-text.ts";
import { canEnter } from "../../caps/enter.ts";
import { isOperation, operationOf, OPERATION_NAMES, type OperationName } from "../../caps/operations.ts";
import { isKind } from "../../abi/namespace-kinds.ts";
import type { Verdict } from "../../caps/power.ts";
import { AIMS, CAN_WORDS } from "../../messages/can.ts";
import { OPERATION_TEXTS } from "../../messages/operations.ts";
import { USAGE, USAGE_HINTS } from "../../messages/usage.ts";
import { namesIn } from "../../render/namespace-name.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { brief } from "../brief.ts";
import { capabilityOf } from "../capability-word.ts";
import { command, type Running } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { nearest } from "../nearest.ts";
import { proseWidth } from "../page-width.ts";
import { PLACE_EXCLUSIONS, PLACE_OPTIONS, type Place } from "../place.ts";
import { readRef, vanished } from "../resolve.ts";
import { resourceOf } from "../find-resource.ts";
import { readLimits, readResource, readSysctls, refsOf } from "../resource.ts";
import { seenPerson } from "../seen-person.ts";
import { usageFailure } from "../usage.ts";
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
    if (word === "enter") return enter(running, place, { operand, words });
    const [resource, extra] = words;
    if (extra !== undefined) {
      const reason = USAGE["extra-operand"][language]({ command: "can", operand: brief(extra) });
      throw usageFailure(reason, seeHelp(running));
    }
    // Some are called alike: chown is the operation, CHOWN and CAP_CHOWN the capability.
    const capability = isOperation(word) ? undefined : capabilityOf(word);
    if (capability !== undefined) {
      if (resource === undefined) throw missing(running, "REF");
      const refs = [readRef(resource, language)];
      const seen = await seenPerson(running, place, { who: readWho(operand, language), operand, refs });
      const [record] = seen.namespaces;
      const answer = record && canDo(seen.index, seen.person, { capability, namespace: record.id });
      if (answer === undefined || "wanted" in answer) throw vanished(resource, language);
      return tell(running, answer);
    }
    if (!isOperation(word)) throw neither(running, word);
    return operate(running, place, { operand, operation: word, resource });
  },
});

async function operate(
  running: Running,
  place: Place,
  asked: { readonly operand: string; readonly operation: OperationName; readonly resource: string | undefined },
): Promise<ExitCode> {
  const { language } = running;
  const { operand, operation } = asked;
  const named = asked.resource === undefined ? undefined : readResource(asked.resource, language);
  const refs = named === undefined ? [] : refsOf(named);
  const sockets = named?.form === "socket";
  const attributes = named?.form === "device";
  const who = readWho(operand, language);
  const seen = await seenPerson(running, place, { who, operand, refs, sockets, attributes });
  const { index, observer, person } = seen;
  const isHere = observer?.source === "live";
  const resource = named && resourceOf(named, seen, { isHere, language });
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
  if (answer === undefined) throw vanished(asked.resource ?? "", language);
  if (!("wanted" in answer)) return tell(running, answer);
  const { on } = operationOf(operation);
  const wanted = AIMS[isKind(on) ? "namespace" : on][language];
  throw usageFailure(CAN_WORDS.needs[language]({ operation, wanted }), seeHelp(running));
}

function tell(running: Running, answer: CanAnswer): ExitCode {
  const { out, format, color, glyphs, language } = running;
  if (format === "json") out.write(`${toJson(answer)}\n`);
  else out.write(canText(answer, { width: proseWidth(out), color, charset: glyphs.charset, language }));
  return EXITS[answer.verdict];
}

async function enter(
  running: Running,
  place: Place,
  { operand, words }: { readonly operand: string; readonly words: readonly string[] },
): Promise<ExitCode> {
  const { out, format, color, glyphs, language } = running;
  if (words.length === 0) throw missing(running, "REF");
  const refs = words.map((word) => readRef(word, language));
  const seen = await seenPerson(running, place, { who: readWho(operand, language), operand, refs });
  const ids = [...new Set(seen.namespaces.map(({ id }) => id))];
  const answer = canEnter(seen.index, seen.person, ids);
  if (answer === undefined) throw vanished(words.join(" "), language);
  if (format === "json") out.write(`${toJson(answer)}\n`);
  else {
    const options = { width: proseWidth(out), color, charset: glyphs.charset, language };
    out.write(enterText(answer, namesIn(seen.index.snapshot), options));
  }
  return EXITS[answer.verdict];
}

const seeHelp = ({ language }: Running): string => USAGE_HINTS["see-help"][language]({ command: "can" });

const missing = (running: Running, operand: string) =>
  usageFailure(USAGE["missing-operand"][running.language]({ command: "can", operand }), seeHelp(running));

function neither(running: Running, word: string) {
  const { language } = running;
  const near = nearest(word, [...OPERATION_NAMES, "enter"]);
  const hint = near === undefined ? seeHelp(running) : USAGE_HINTS["did-you-mean"][language]({ nearest: near });
  return usageFailure(CAN_WORDS.neither[language]({ word: brief(word) }), hint);
}
