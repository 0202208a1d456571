import { inodeOf, type NamespaceId } from "../../abi/ids.ts";
import type { NamespaceKind } from "../../abi/namespace-kinds.ts";
import { CALLER_VARIABLE, readCaller } from "../../enter/caller.ts";
import type { Native } from "../../kernel/live/native.ts";
import type { Observer } from "../../kernel/observer.ts";
import { openById } from "../../library/open-seen.ts";
import { ENTER_MANY, ENTER_USAGE } from "../../messages/enter.ts";
import { indexSnapshot, type SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import { toJson } from "../../snapshot/json-text.ts";
import type { NamespaceRecord } from "../../snapshot/types.ts";
import type { Running } from "../command.ts";
import { OutputClosed, OutputFailed } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { readFilter } from "../filter.ts";
import { failureFields, failureOf, failureText } from "../report.ts";
import { look } from "../seen.ts";
import { userNames } from "../user-names.ts";
import { planOf, type Going } from "./go.ts";
import { labelled } from "./labelled.ts";
import { ownUsage } from "./own-usage.ts";
import { prepare, type Asked } from "./prepare.ts";
import { openedOr, startBeside } from "./start-beside.ts";
import { untilSignal } from "./until-signal.ts";

interface Many {
  readonly asked: Asked;
  readonly going: Going;
  readonly expression: string;
  readonly observer: Observer;
  readonly native: Native;
}

/** What came of the command in one namespace; `nsatlas schema enter-all` says it of each. */
interface Result {
  readonly namespace: { readonly kind: NamespaceKind; readonly id: NamespaceId };
  readonly exit: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly error: unknown;
}

/**
 * Runs the command once in each namespace that the filter keeps, one after the other in the order of the list; what it prints
 * has the namespace in front of each line, and where it does not end with 0 a line says how it did. 0 where every command gave
 * 0, else 1; a refusal at one namespace does not stop the rest. A signal that ends nsatlas ends the command first.
 */
export async function enterAll(running: Running, many: Many): Promise<ExitCode> {
  const { language, out, err, format } = running;
  const { asked, going, observer, native } = many;
  const asJson = format === "json";
  const filter = readFilter(many.expression, language);
  const index = indexSnapshot(await look(running, observer, { commandLines: true }));
  const chosen = matching(index, filter);
  if (chosen.length === 0) throw ownUsage(ENTER_USAGE["nothing-matches"][language], language);
  const caller = readCaller(process.env[CALLER_VARIABLE], process.pid);
  const results: Result[] = [];
  let failed = 0;
  await untilSignal(caller?.ignored ?? [], async (stop) => {
    for (const namespace of chosen) {
      if (stop.aborted) return;
      const result = await (asJson ? collected(namespace, stop) : printed(namespace, stop));
      if (result.exit !== 0) failed += 1;
      if (asJson) results.push(result);
    }
  });
  if (asJson) out.write(`${toJson({ ran: chosen.length, failed, results })}\n`);
  else if (failed > 0) err.write(`nsatlas: ${ENTER_MANY.summary[language]({ ran: chosen.length, failed })}\n`);
  return failed === 0 ? EXIT.done : EXIT.no;

  async function collected(namespace: NamespaceRecord, stop: AbortSignal): Promise<Result> {
    const [stdout, stderr]: [string[], string[]] = [[], []];
    const write = { out: (text: string) => void stdout.push(text), err: (text: string) => void stderr.push(text) };
    const result = await oneOf(namespace, write, stop);
    return { ...result, stdout: stdout.join(""), stderr: stderr.join("") };
  }

  async function printed(namespace: NamespaceRecord, stop: AbortSignal): Promise<Result> {
    const label = `${namespace.kind}:[${inodeOf(namespace.id)}]`;
    const [toOut, toErr] = [labelled(out, label), labelled(err, label)];
    const result = await oneOf(namespace, { out: toOut.write, err: toErr.write }, stop);
    toOut.end();
    toErr.end();
    const { exit, signal } = result;
    if (signal !== null) err.write(`${label} ${ENTER_MANY.signal[language]({ signal })}\n`);
    else if (exit !== null && exit !== 0) err.write(`${label} ${ENTER_MANY.exit[language]({ code: exit })}\n`);
    return result;
  }

  async function oneOf(
    { kind, id, ...record }: NamespaceRecord,
    write: { readonly out: (text: string) => void; readonly err: (text: string) => void },
    stop: AbortSignal,
  ): Promise<Result> {
    const nothing = { namespace: { kind, id }, exit: null, signal: null, stdout: "", stderr: "" };
    try {
      const found = openById({ kind, id, ...record }, index, { observer, language });
      const file = openedOr(found, `${kind}:[${inodeOf(id)}]`, language);
      using prepared = await prepare({ ...asked, also: { kind, file } }, observer, native, language);
      const plan = planOf(prepared, going, { language, asJson });
      const how = { native, language, caller, reports: asJson, stop, ...write };
      const { code, signal, said } = await startBeside(plan, how);
      return { ...nothing, exit: code, signal, error: said === undefined ? null : errorIn(said) };
    } catch (error) {
      // One that has gone meanwhile, or is not ours to enter, is no reason to leave out the rest.
      if (error instanceof OutputClosed || error instanceof OutputFailed) throw error;
      const failure = failureOf(error, language);
      if (!asJson) write.err(failureText(failure, language));
      return { ...nothing, error: failureFields(failure) };
    }
  }
}

/** What the plan has to say is the document of a failure. */
function errorIn(said: string): object | null {
  const document: unknown = JSON.parse(said);
  const error: unknown = typeof document === "object" && document !== null ? Reflect.get(document, "error") : null;
  return typeof error === "object" ? error : null;
}

function matching(index: SnapshotIndex, filter: ReturnType<typeof readFilter>): readonly NamespaceRecord[] {
  const source = { index, userName: userNames() };
  return index.snapshot.namespaces.filter((namespace) => {
    const [process] = index.members.get(namespace.id) ?? [];
    return filter({ namespace, process }, source, "\n");
  });
}
