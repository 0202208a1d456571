import { spawn } from "node:child_process";
import { inodeOf } from "../../abi/ids.ts";
import { encodePlan } from "../../enter/encode-plan.ts";
import { descriptorsOf, type Plan } from "../../enter/step.ts";
import { callerSteps, CALLER_VARIABLE, readCaller } from "../../enter/caller.ts";
import { openLauncher, openPlan } from "../../kernel/live/launcher.ts";
import type { Native } from "../../kernel/live/native.ts";
import type { Observer } from "../../kernel/observer.ts";
import { openById } from "../../library/open-seen.ts";
import { refusedCall } from "../../library/refused-call.ts";
import { ENTER_MANY, ENTER_USAGE } from "../../messages/enter.ts";
import type { Language } from "../../messages/sentence.ts";
import { safeText } from "../../messages/safe-text.ts";
import type { Outcome } from "../../rules/outcome.ts";
import { indexSnapshot, type SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import type { NamespaceRecord } from "../../snapshot/types.ts";
import type { Running } from "../command.ts";
import type { Output } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { readFilter } from "../filter.ts";
import { failureOf } from "../report.ts";
import { look } from "../seen.ts";
import { userNames } from "../user-names.ts";
import { planOf, type Going } from "./go.ts";
import { ownUsage } from "./own-usage.ts";
import { prepare, type Asked } from "./prepare.ts";

interface Many {
  readonly asked: Asked;
  readonly going: Going;
  readonly expression: string;
  readonly observer: Observer;
  readonly native: Native;
}

/**
 * Runs the command once in each namespace that the filter keeps, one after the other in the order of the list; what it prints has the
 * namespace in front of each line. 0 where every command gave 0, else 1; a refusal at one namespace does not stop the rest.
 */
export async function enterAll(running: Running, many: Many): Promise<ExitCode> {
  const { language, out, err } = running;
  const { asked, going, observer, native } = many;
  const filter = readFilter(many.expression, language);
  const index = indexSnapshot(await look(running, observer, { commandLines: true }));
  const chosen = matching(index, filter);
  if (chosen.length === 0) throw ownUsage(ENTER_USAGE["nothing-matches"][language], language);
  let failed = 0;
  for (const namespace of chosen) {
    const label = `${namespace.kind}:[${inodeOf(namespace.id)}]`;
    const code = await oneOf(namespace, index, label);
    if (code !== 0) failed += 1;
  }
  if (failed > 0) err.write(`nsatlas: ${ENTER_MANY.summary[language]({ ran: chosen.length, failed })}\n`);
  return failed === 0 ? EXIT.done : EXIT.no;

  async function oneOf(namespace: NamespaceRecord, seen: SnapshotIndex, label: string): Promise<number> {
    try {
      const file = must(openById(namespace, seen, { observer, language }), label, language);
      using prepared = await prepare({ ...asked, also: { kind: namespace.kind, file } }, observer, native, language);
      const plan = planOf(prepared, going, { language, asJson: false });
      return await start(plan, native, language, { out: labelled(out, label), err: labelled(err, label) });
    } catch (error) {
      // One that has gone meanwhile, or is not ours to enter, is no reason to leave out the rest.
      const { reason, code, syscall, subject } = failureOf(error, language);
      err.write(`${label} ${safeText([syscall, subject, code, reason].filter(Boolean).join(" "))}\n`);
      return EXIT.no;
    }
  }
}

function matching(index: SnapshotIndex, filter: ReturnType<typeof readFilter>): readonly NamespaceRecord[] {
  const source = { index, userName: userNames() };
  return index.snapshot.namespaces.filter((namespace) => {
    const [process] = index.members.get(namespace.id) ?? [];
    return filter({ namespace, process }, source, "\n");
  });
}

function must<T>(opened: Outcome<T>, subject: string, language: Language): T {
  if (opened.ok) return opened.value;
  throw refusedCall({ code: opened.errno, syscall: "openat", subject, rule: opened.reason }, language);
}

/** Starts the launcher as a child, and gives its exit code; 1 for death by a signal. It reads nothing: there is one input, and many commands. */
async function start(
  plan: Plan,
  native: Native,
  language: Language,
  to: { readonly out: (text: string) => void; readonly err: (text: string) => void },
): Promise<number> {
  const caller = readCaller(process.env[CALLER_VARIABLE], process.pid);
  const whole = { ...plan, steps: [...callerSteps(caller), ...plan.steps] };
  using launcher = must(openLauncher(native), "launcher", language);
  using memory = must(openPlan(native, encodePlan(whole)), "launcher", language);
  const named = new Set(descriptorsOf(whole).map(({ fd }) => fd)).add(memory.raw);
  // They keep their numbers, which the plan has.
  const more = Array.from({ length: Math.max(2, ...named) - 2 }, (_, nth) =>
    named.has(nth + 3) ? nth + 3 : ("ignore" as const),
  );
  const { [CALLER_VARIABLE]: _, ...env } = process.env;
  const child = spawn(`/proc/self/fd/${launcher.raw}`, [String(memory.raw)], {
    argv0: "nsatlas",
    stdio: ["ignore", "pipe", "pipe", ...more],
    env,
  });
  child.stdout?.setEncoding("utf8").on("data", to.out);
  child.stderr?.setEncoding("utf8").on("data", to.err);
  return await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      to.out("");
      to.err("");
      resolve(code ?? EXIT.no);
    });
  });
}

/** Writes whole lines, each with the label; an empty text ends what came without a newline. */
function labelled(output: Output, label: string): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = text === "" ? "" : (lines.pop() ?? "");
    for (const line of text === "" ? lines.filter((one) => one !== "") : lines) output.write(`${label} ${line}\n`);
  };
}
