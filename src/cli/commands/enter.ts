import { needNative } from "../../library/native-half.ts";
import { refusedCall } from "../../library/refused-call.ts";
import { command } from "../command.ts";
import { askedBy } from "../enter/asked.ts";
import { planOf } from "../enter/go.ts";
import { checkKept } from "../enter/kept.ts";
import { ENTER_OPTIONS } from "../enter/options.ts";
import { prepare } from "../enter/prepare.ts";
import { loginShell } from "../enter/shell.ts";
import { EXIT } from "../exit-codes.ts";

const EXIT_STATUS = [
  ["the command's", "or death by the same signal, where the command dies by one"],
  ["1", "enter itself failed, wrong options included"],
  ["124", "--timeout ended the command"],
  ["126, 127", "the command cannot be run; there is none of that name"],
  ["with --dry-run", "0 yes, 1 no, 3 unknown"],
] as const;

/** 4711 stands for a process of a container; the tests of the help have one. */
const EXAMPLES = [
  { line: "nsatlas enter -t 4711 -n ss -tln", shows: "a container's sockets, told by the host's program" },
  { line: "nsatlas enter -t 4711 -a id", shows: "in all namespaces of a process" },
  { line: "nsatlas enter -t 4711 -p --mount-proc ps -e", shows: "the processes of a container by its own numbers" },
  { line: "nsatlas enter -t 4711 -n -S daemon -G daemon id", shows: "as somebody else, by name" },
  { line: "nsatlas enter --net=/proc/4711/ns/net --timeout 5s ip -brief link", shows: "by a file, for five seconds" },
  {
    line: "nsatlas enter --all-matching 'TYPE == \"pid\" and PID==4711' --mount-proc ps -e",
    shows: "once in each that a filter keeps, which stands in front of each line",
  },
  { line: "nsatlas enter --ns self/net --dry-run", shows: "whether you may, step by step" },
] as const;

/** A program in namespaces that are there already: nsenter's options and defaults, and more. */
export const enter = command({
  name: "enter",
  operands: { shown: "[--] [COMMAND [ARGUMENT…]]", least: 0, most: Number.POSITIVE_INFINITY },
  stops: true,
  failsWith: EXIT.no,
  description: [
    "Options, defaults and exit status are those of nsenter(1), which it can stand in for. Without a COMMAND it runs the shell. " +
      "nsatlas opens everything first, works out the order by the kernel's rules, and is then replaced by the command: same " +
      "process, terminal, standard input and signals.",
    "The target is pinned, so that a process that gets its number is never entered; every namespace is joined with its kind " +
      "given, so that the kernel refuses any other. A step that is refused says which, why, and what would help.",
  ],
  options: ENTER_OPTIONS,
  exclusive: [
    ["wd", "wdns"],
    ["dry-run", "all-matching"],
    // Both take a process of their own for the command.
    ["no-fork", "mount-proc"],
    ["no-fork", "timeout"],
  ],
  formats: ["text"],
  tables: [{ heading: "Exit status", rows: EXIT_STATUS }],
  examples: EXAMPLES,
  async run(running, values, operands) {
    const { out, language, format, procRoot } = running;
    const native = needNative("enter");
    const asked = askedBy(values, language);
    checkKept(values["keep-fd"], language);
    const observer = await running.openObserver(procRoot);
    const expression = values["all-matching"];
    const shell = loginShell(running.env);
    const going = { command: operands, shell, keep: values["keep-fd"], timeoutSeconds: values.timeout };
    if (expression !== undefined) {
      const { enterAll } = await import("../enter/all-matching.ts");
      return await enterAll(running, { asked, going, expression, observer, native });
    }
    using prepared = await prepare(asked, observer, native, language);
    const command = operands.length > 0 ? operands : [shell.file];
    if (values["dry-run"]) {
      const { dryRunExit, dryRunJson, dryRunText } = await import("../enter/dry-run.ts");
      const dryRun = { ...prepared, command };
      out.write(format === "json" ? dryRunJson(dryRun, language) : dryRunText(dryRun, language));
      return dryRunExit(dryRun);
    }
    const became = await running.become(planOf(prepared, going, { language, asJson: format === "json" }));
    if (became.ok) return became.value;
    throw refusedCall({ code: became.errno, syscall: "execveat", subject: "launcher" }, language);
  },
});
