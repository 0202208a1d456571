import { POSTED_KERNELS } from "../../rules/kernel-changes.ts";
import { NEWEST_RELEASE } from "../../rules/release.ts";
import { carryOut } from "../../what-if/carry-out.ts";
import { Fault } from "../../what-if/fault.ts";
import { CALL_FORMS } from "../../what-if/call-forms.ts";
import { readCalls } from "../../what-if/grammar.ts";
import { whatIfJson } from "../../what-if/json.ts";
import { situationOf } from "../../what-if/situation.ts";
import { whatIfText } from "../../what-if/text.ts";
import { command } from "../command.ts";
import { drawnProcess, readDrawnWorld } from "../drawn-world.ts";
import { EXIT } from "../exit-codes.ts";
import { KERNEL_OPTION } from "../kernel-release.ts";
import { single } from "../options.ts";
import { anyText, path } from "../values.ts";
import { whatIfFailure } from "../what-if-fault.ts";
import { TEXT_COLUMNS } from "../wrap.ts";

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
    kernel: KERNEL_OPTION,
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
    const situation =
      file === undefined ? situationOf([], release) : await readDrawnWorld(running, { file, kernel: release });
    const as = drawnProcess(situation, who, language);
    try {
      const requests = readCalls(source);
      const answers = carryOut(situation, requests, as);
      const width = Math.min(out.columns ?? TEXT_COLUMNS, TEXT_COLUMNS);
      out.write(
        format === "json"
          ? `${JSON.stringify(whatIfJson(answers, situation.names, { release, language }), undefined, 2)}\n`
          : whatIfText(answers, situation.names, { width, color, language }),
      );
      return EXIT.done;
    } catch (error) {
      throw error instanceof Fault ? whatIfFailure(error, source, language) : error;
    }
  },
});
