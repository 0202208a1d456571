import { SIGNALS } from "../../abi/signals.ts";
import { runActs, stepsOfActs } from "../../enter/run-acts.ts";
import type { Plan, Step } from "../../enter/step.ts";
import { needNative } from "../../library/native-half.ts";
import { refusedCall } from "../../library/refused-call.ts";
import { ERRNO_TEXTS } from "../../messages/errnos.ts";
import { command } from "../command.ts";
import { checkKept } from "../enter/kept.ts";
import { loginShell } from "../enter/shell.ts";
import { EXIT } from "../exit-codes.ts";
import { RUN_OPTIONS } from "../run/options.ts";
import { execSaying, sayingOf } from "../run/say.ts";
import { wishOf } from "../run/wish.ts";

const EXIT_STATUS = [
  ["the command's", "or death by the same signal, where the command dies by one"],
  ["1", "run itself failed, wrong options included"],
  ["124", "--timeout ended the command"],
  ["126, 127", "the command cannot be run; there is none of that name"],
  ["with --dry-run", "0 yes, 1 no, 3 unknown"],
] as const;

/** A program in namespaces of its own: unshare's options and defaults, and more. */
export const run = command({
  name: "run",
  operands: { shown: "[--] [COMMAND [ARGUMENT…]]", least: 0, most: Number.POSITIVE_INFINITY },
  stops: true,
  failsWith: EXIT.no,
  description: [
    "Options, defaults and exit status are those of unshare(1), which it can stand in for. Without a COMMAND it runs the shell. " +
      "nsatlas works out every step first and is then replaced by the command: same process, terminal, standard input and " +
      "signals; or, with --fork, by a small program that waits for it.",
    "A step that is refused says which, why, and what would help. --dry-run says the same without doing any of it.",
  ],
  options: RUN_OPTIONS,
  formats: ["text"],
  tables: [{ heading: "Exit status", rows: EXIT_STATUS }],
  examples: [
    { line: "nsatlas run -r -n ip link", shows: "a network of your own, without being root" },
    { line: "nsatlas run -r -p -f --mount-proc ps", shows: "the processes of a new pid namespace: one" },
    { line: "nsatlas run -U --map-current-user id", shows: "a user namespace in which you stay who you are" },
    { line: "nsatlas run -T -r --boottime 86400 cat /proc/uptime", shows: "a machine that booted a day earlier" },
    { line: "nsatlas run -r --timeout 5s -n true", shows: "at most five seconds of it" },
    { line: "nsatlas run -U --map-root-user -m --dry-run", shows: "what would be done, and whether you may" },
  ],
  async run(running, values, operands, given) {
    const { out, language, format, procRoot, env } = running;
    const telling = { language, asJson: format === "json" };
    const here = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, language };
    const wish = wishOf(values, given, here);
    const acts = runActs(wish);
    const shell = loginShell(env);
    if (values["dry-run"]) {
      const [{ dryRun, dryRunExit, dryRunJson, dryRunText }, { runFacts }] = await Promise.all([
        import("../run/dry-run.ts"),
        import("../run/facts.ts"),
      ]);
      const facts = runFacts(await running.openObserver(procRoot), here);
      const dry = dryRun(acts, wish, facts, operands.length > 0 ? operands : [shell.file]);
      out.write(telling.asJson ? dryRunJson(dry, language) : dryRunText(dry, language));
      return dryRunExit(dry);
    }
    needNative("run");
    checkKept(values["keep-fd"], language);
    const exec: Step = {
      do: "exec",
      argv: operands.length > 0 ? operands : [shell.name],
      ...(operands.length === 0 && { file: shell.file }),
      says: execSaying(operands[0] ?? shell.file, telling),
    };
    const plan: Plan = {
      steps: [...stepsOfActs(acts, (act) => sayingOf(act, wish, values.timeout, telling)), exec],
      keep: values["keep-fd"],
      // Who makes namespaces waits for processes; unshare sets it back, too.
      unignored: [SIGNALS.SIGCHLD],
      errnoText: (name) => ERRNO_TEXTS[name][language],
    };
    const became = await running.become(plan);
    if (became.ok) return became.value;
    throw refusedCall({ code: became.errno, syscall: "execveat", subject: "launcher" }, language);
  },
});
