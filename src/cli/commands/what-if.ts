import { POSTED_KERNELS } from "../../rules/kernel-changes.ts";
import { BuildRefused } from "../../kernel/build-world.ts";
import { parseDrawing, type DrawnNamespace } from "../../kernel/drawing.ts";
import { NEWEST_RELEASE } from "../../kernel/model/boot.ts";
import { WHAT_IF_DRAWING, WHAT_IF_HINTS, WHAT_IF_KERNEL } from "../../messages/what-if.ts";
import { USAGE_HINTS } from "../../messages/usage.ts";
import { carryOut, findProcess } from "../../what-if/carry-out.ts";
import { Fault } from "../../what-if/fault.ts";
import { CALL_FORMS } from "../../what-if/call-forms.ts";
import { readCalls } from "../../what-if/grammar.ts";
import { whatIfJson } from "../../what-if/json.ts";
import { situationOf, type Situation } from "../../what-if/situation.ts";
import { whatIfText } from "../../what-if/text.ts";
import { command, type Running } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { nearest } from "../nearest.ts";
import { single, type Reader } from "../options.ts";
import { readText } from "../seen.ts";
import { anyText, path } from "../values.ts";
import { whatIfFailure } from "../what-if-fault.ts";
import { TEXT_COLUMNS } from "../wrap.ts";

const POSTED = Object.keys(POSTED_KERNELS);

/** A release, or the name of a kernel that was posted and never released so. */
const kernel: Reader<string> = (text) => {
  if (/^\d+\.\d+(\.\d+)?([-+].*)?$/.test(text) || POSTED.includes(text)) return { ok: true, value: text };
  const near = nearest(text, POSTED);
  if (near === undefined) return { ok: false, expected: WHAT_IF_KERNEL };
  const { en, fr } = USAGE_HINTS["did-you-mean"];
  return { ok: false, expected: WHAT_IF_KERNEL, hint: { en: en({ nearest: near }), fr: fr({ nearest: near }) } };
};

/** Carries out calls in the model. */
export const whatIf = command({
  name: "what-if",
  operands: { shown: "CALL [; CALL]…", least: 1, most: Infinity },
  description: [
    "Makes system calls in nsatlas's model of the kernel, one after the other, and says of each what it returns, why it is refused, and what it changes. Nothing happens on this machine.",
    "Calls are made by the process shell, root in the initial namespaces, or by the one that --as names; NAME: in front of a call names another one for this call. A drawn world (--world) has in each namespace a process of its name.",
    "A FILE is a namespace (user:init; of which the caller is taken to have been passed a descriptor), a link that the caller opens for the call (NAME/net), or one of its descriptors (fd:3). A KIND is net or CLONE_NEWNET. What a call makes is named after the process: unshare net by shell makes net:shell, clone user as box makes the process box in user:box.",
    "Exit code 0 says that every call was answered: a refusal is an answer. 2: a word of a call is off; 6: the drawing is.",
  ],
  options: {
    world: single("FILE", path, "begin in the world that this file draws; - is standard input"),
    as: single("NAME", anyText, "the process that makes the calls; shell if not said"),
    kernel: single("RELEASE", kernel, `the kernel to behave as; ${NEWEST_RELEASE} if not said`),
  },
  formats: ["text"],
  tables: [
    { heading: "Calls", rows: Array.from(CALL_FORMS.values(), ({ form, does }) => [form, does] as const) },
    {
      heading: "Kernels that were posted",
      rows: Object.entries(POSTED_KERNELS).map(([name, { what }]) => [name, what]),
    },
    {
      heading: "A world is drawn so, the parent by indentation",
      rows: [
        ["user:outer by 1000", "made by uid 1000"],
        ["  user:inner", "its child"],
        ["pid:box of user:outer", "owned by user:outer"],
        ["net:blue empty", "held by a descriptor of shell alone"],
      ],
    },
  ],
  examples: [
    { line: "nsatlas what-if unshare user net", shows: "who owns what a process makes" },
    {
      line: "nsatlas what-if 'clone pid as box; box: ioctl pid:box NS_GET_PARENT'",
      shows: "a refusal, and its reason",
    },
    {
      line: "nsatlas what-if --kernel 5.10 'clone user as box; write box/uid_map 0 0 1'",
      shows: "the same kernel calls as an older release answers them",
    },
  ],
  async run(running, { world: file, as: who = "shell", kernel: release = NEWEST_RELEASE }, operands) {
    const { out, format, color, language } = running;
    const source = operands.join(" ");
    const situation = await begin(running, file, release);
    let reading = source;
    try {
      const requests = readCalls(source);
      reading = who;
      const as = findProcess(situation.world, { text: who, from: 0, to: who.length }).name;
      reading = source;
      const answers = carryOut(situation, requests, as);
      const width = Math.min(out.columns ?? TEXT_COLUMNS, TEXT_COLUMNS);
      out.write(
        format === "json"
          ? `${JSON.stringify(whatIfJson(answers, situation.names, { release, language }), undefined, 2)}\n`
          : whatIfText(answers, situation.names, { width, color, language }),
      );
      return EXIT.done;
    } catch (error) {
      throw error instanceof Fault ? whatIfFailure(error, reading, language) : error;
    }
  },
});

/** The drawn world, or the machine as it starts. */
async function begin(running: Running, file: string | undefined, release: string): Promise<Situation> {
  if (file === undefined) return situationOf([], release);
  const drawing = parseDrawing(await readText(running, file), running.language);
  const wrong = (detail: string, cause?: unknown): CommandFailure => {
    const reason = WHAT_IF_DRAWING[running.language]({ path: file });
    const hint = WHAT_IF_HINTS.drawing[running.language];
    return new CommandFailure(
      { exit: EXIT.badInput, code: "FORMAT", subject: file, reason, details: [detail], hint },
      { cause },
    );
  };
  if (!drawing.ok) throw wrong(`${file}:${drawing.line}: ${drawing.message}`);
  return build(drawing.namespaces, release, wrong);
}

function build(
  drawn: readonly DrawnNamespace[],
  release: string,
  wrong: (detail: string, cause: unknown) => Error,
): Situation {
  try {
    return situationOf(drawn, release);
  } catch (error) {
    throw error instanceof BuildRefused ? wrong(error.message, error) : error;
  }
}
