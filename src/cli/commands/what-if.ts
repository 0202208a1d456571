import { POSTED_KERNELS } from "../../rules/kernel-changes.ts";
import { carryOut } from "../../what-if/carry-out.ts";
import { Fault } from "../../what-if/fault.ts";
import { CALL_FORMS } from "../../what-if/call-forms.ts";
import { readCalls } from "../../what-if/grammar.ts";
import { whatIfJson } from "../../what-if/json.ts";
import { whatIfText } from "../../what-if/text.ts";
import { command } from "../command.ts";
import { release as hostRelease } from "node:os";
import { worldText } from "../../what-if/draw-world.ts";
import { printsDrawn } from "../world-text.ts";
import { verified } from "../verified.ts";
import { drawnProcess, readDrawnWorld } from "../drawn-world.ts";
import { EXIT } from "../exit-codes.ts";
import { KERNEL_OPTION } from "../kernel-release.ts";
import { flag, single } from "../options.ts";
import { seenCaller, seenSituation } from "../seen-world.ts";
import { anyText, path } from "../values.ts";
import { whatIfFailure } from "../what-if-fault.ts";
import { TEXT_COLUMNS } from "../wrap.ts";

/** Carries out calls in the model. */
export const whatIf = command({
  name: "what-if",
  operands: { shown: "CALL [; CALL]…", least: 1, most: Infinity },
  description: [
    "Makes system calls in nsatlas's model of the kernel, one after the other, and says of each what it returns, why it is refused, and what it changes. Nothing happens on this machine.",
    "They begin in this machine as it is now, in a snapshot (--from) or in a drawn world (--world; /dev/null is a machine that has just started). Where it was not seen what an answer needs, it is unknown, and says what is missing; what no file tells is taken to be as it mostly is, and said.",
    "Calls are made by the process that --as names, and NAME: in front of a call names another one for this call. Not said, it is whoever started nsatlas; of a drawn world shell, root in the initial namespaces. A drawn world has in each namespace a process of its name; elsewhere processes go by their number.",
    "A FILE is a namespace (user:init; of which the caller is taken to have been passed a descriptor), a link that the caller opens for the call (NAME/net), or one of its descriptors (fd:3). A KIND is net or CLONE_NEWNET. What a call makes is named after the process: unshare net by shell makes net:shell, clone user as box makes the process box in user:box.",
    "--verify makes the same calls on the running kernel as well, by throw-away processes: calls that only look at this machine in place, all others in a copy of the part that they speak of, built with what power nsatlas has. No process that is not nsatlas's own is touched. A call for which no copy is like enough is not made, and said so.",
    "Exit code 0 says that every call was answered: a refusal is an answer. 2: a word of a call is off; 1: with --verify, the running kernel says otherwise; 3: an answer is unknown or could not be verified; 6: the file is damaged.",
  ],
  options: {
    world: single("FILE", path, "begin in the world that this file draws; - is standard input"),
    from: single(
      "FILE",
      path,
      "begin in what a snapshot shows; live, if nothing is said: in this machine as it is now",
    ),
    as: single("PROCESS", anyText, "who makes the calls: 42, 42@pid:[4026532201], self, or a process of the drawing"),
    kernel: KERNEL_OPTION,
    "print-world": flag("print nothing but the world behind the last call, as text that --world reads; needs --world"),
    verify: flag("make the same calls on the running kernel, in place or in a copy, and compare"),
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
    { line: "nsatlas what-if unshare user net", shows: "what this would do here and now" },
    { line: "nsatlas what-if --as self ioctl self/pid NS_GET_PARENT", shows: "what nsatlas itself would be told" },
    {
      line: "nsatlas what-if 'clone pid as box; box: ioctl pid:box NS_GET_PARENT'",
      shows: "a refusal, and its reason",
    },
    {
      line: "nsatlas what-if --kernel 5.10 'clone user as box; write box/uid_map 0 0 1'",
      shows: "the same kernel calls as an older release answers them",
    },
  ],
  exclusive: [
    ["world", "from"],
    ["world", "proc"],
    ["from", "proc"],
    ["verify", "kernel"],
    ["verify", "print-world"],
    ["json", "print-world"],
  ],
  async run(running, { world: file, from, as: who, kernel: wished, verify: verifies, "print-world": draws }, operands) {
    const { out, format, color, language } = running;
    const source = operands.join(" ");
    if (draws && file === undefined) throw printsDrawn(language);
    const kernel = verifies ? hostRelease() : wished;
    const situation =
      file === undefined
        ? await seenSituation(running, { from, kernel })
        : await readDrawnWorld(running, { file, kernel });
    const as =
      file === undefined ? seenCaller(situation, who, language) : drawnProcess(situation, who ?? "shell", language);
    try {
      const requests = readCalls(source);
      const { answers, world } = carryOut(situation, requests, as);
      if (draws) {
        out.write(worldText(world, situation.names));
        return EXIT.done;
      }
      const verdicts = verifies ? verified(running, situation, answers) : undefined;
      const width = Math.min(out.columns ?? TEXT_COLUMNS, TEXT_COLUMNS);
      const { release } = situation.world;
      out.write(
        format === "json"
          ? `${JSON.stringify(whatIfJson(answers, situation.names, { release, language, verdicts }), undefined, 2)}\n`
          : whatIfText(answers, situation.names, { width, color, language, verdicts }),
      );
      if (verdicts?.some(({ is }) => is === "differs") === true) return EXIT.no;
      const isOpen =
        answers.some(({ outcome }) => outcome === undefined) || verdicts?.some(({ is }) => is === "not-made");
      return isOpen === true ? EXIT.unknown : EXIT.done;
    } catch (error) {
      throw error instanceof Fault ? whatIfFailure(error, source, language) : error;
    }
  },
});
