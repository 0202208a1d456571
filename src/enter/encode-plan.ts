import { ERRNOS, isErrnoName } from "../abi/errnos.ts";
import { PlanBytes } from "./plan-bytes.ts";
import { descriptorsOf, type Bytes, type Fd, type Plan, type Saying, type Step } from "./step.ts";

const MAGIC = 0x414e534e;
const VERSION = 1;
const HEADER_BYTES = 32;
const STEP_BYTES = 80;
const ARGS_AT = 16;
const ALWAYS = 255;
const AT_FDCWD = -100n;

/** By number in native/launch.h. */
const OPS = {
  keep: 1,
  signals: 2,
  rlimit: 3,
  prctl: 4,
  setns: 5,
  unshare: 6,
  fork: 7,
  helper: 8,
  release: 9,
  open: 10,
  write: 11,
  map: 12,
  mount: 13,
  chroot: 14,
  chdir: 15,
  fchdir: 16,
  setgroups: 17,
  setgid: 18,
  setuid: 19,
  ambient: 20,
  hostname: 21,
  domainname: 22,
  exec: 23,
  close: 24,
  serve: 25,
} as const;

interface Row {
  readonly op: number;
  readonly args: readonly (number | bigint)[];
  readonly step?: Step;
}

/** The plan as the launcher reads it; its first step closes every descriptor that the plan does not name. */
export function encodePlan(plan: Plan): Uint8Array<ArrayBuffer> {
  const into = new PlanBytes(HEADER_BYTES);
  const descriptors = descriptorsOf(plan);
  const pairs = into.words(descriptors.flatMap(({ fd, forCommand }) => [fd, forCommand ? 1 : 0]));
  const rows: Row[] = [{ op: OPS.keep, args: [pairs, descriptors.length] }];
  addRows(plan.steps, rows, into);
  const sayings = rows.map(({ step }) => (step?.says === undefined ? 0 : putSaying(step.says, into)));
  const errnos = putErrnos(plan, into);
  const stepsAt = into.room(rows.length * STEP_BYTES);
  const bytes = into.finish();

  const view = new DataView(bytes.buffer);
  const header = [MAGIC, VERSION, bytes.length, stepsAt, rows.length, plan.report ?? -1, errnos.at, errnos.count];
  for (const [index, word] of header.entries()) view.setInt32(index * 4, word, true);
  for (const [index, { op, args, step }] of rows.entries()) {
    const at = stepsAt + index * STEP_BYTES;
    view.setUint16(at, op, true);
    view.setUint8(at + 2, step?.sets ?? 0);
    view.setUint8(at + 3, step?.skippedBy ?? 0);
    view.setUint8(at + 4, step?.mayFailBy === "always" ? ALWAYS : (step?.mayFailBy ?? 0));
    view.setUint32(at + 8, sayings[index] ?? 0, true);
    for (const [nth, arg] of args.entries()) view.setBigInt64(at + ARGS_AT + nth * 8, BigInt(arg), true);
  }
  return bytes;
}

/** Every step in the order of a report's numbers, which begin with the launcher's own first one: that is 0. */
export function stepsInOrder(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => {
    if (step.do === "fork") return [step, ...stepsInOrder(step.parent ?? [])];
    return step.do === "helper" ? [step, ...stepsInOrder(step.steps)] : [step];
  });
}

/** Steps within steps follow the one that has them, which says where they end. */
function addRows(steps: readonly Step[], rows: Row[], into: PlanBytes): void {
  for (const step of steps) {
    const index = rows.length;
    if (step.do === "fork") {
      rows.push({ op: OPS.fork, args: [], step });
      addRows(step.parent ?? [], rows, into);
      const { killSignal = 0, forwarded = [], held = [], timeoutMs = 0, graceMs = 0, stopsAlong = false } = step;
      const times = [timeoutMs, graceMs];
      const args = [killSignal, mask(forwarded), mask(held), rows.length, ...times, stopsAlong ? 1 : 0];
      rows[index] = { op: OPS.fork, args, step };
    } else if (step.do === "helper") {
      rows.push({ op: OPS.helper, args: [], step });
      addRows(step.steps, rows, into);
      rows[index] = { op: OPS.helper, args: [step.register, rows.length], step };
    } else {
      rows.push({ op: OPS[step.do], args: argsOf(step, into), step });
    }
  }
}

type Simple = Exclude<Step, { do: "fork" | "helper" }>;

function argsOf(step: Simple, into: PlanBytes): readonly (number | bigint)[] {
  switch (step.do) {
    case "signals":
      return [mask(step.ignored), mask(step.blocked)];
    case "rlimit":
      return [step.resource, BigInt.asIntN(64, step.soft)];
    case "prctl":
      return [step.option, ...step.args];
    case "setns":
      if (step.nstype === 0) throw new RangeError("setns is never asked to take whatever kind it is");
      return [fdArg(step.fd), step.nstype];
    case "unshare":
      return [step.flags];
    case "release":
      return [step.register];
    case "open":
      return [step.register, into.text(step.path)];
    case "write":
      return writeArgs(step, into);
    case "map":
      // The second word is the launcher's to fill in: its number, which nobody knows yet.
      return [into.list([step.program, "", ...step.ranges.map(String)])];
    case "mount": {
      const { source, target, type, flags, data } = step;
      return [into.text(source), into.text(target), textOr0(type, into), flags, textOr0(data, into)];
    }
    case "chroot":
    case "chdir":
      return [into.text(step.path)];
    case "fchdir":
    case "close":
      return [fdArg(step.fd)];
    case "setgroups":
      return [into.words(step.gids), step.gids.length];
    case "setgid":
      return [step.gid];
    case "setuid":
      return [step.uid];
    case "ambient":
      return [];
    case "serve":
      return [step.stream, step.rights, fdArg(step.descriptors), fdArg(step.namespaces)];
    case "hostname":
    case "domainname":
      return into.bytes(step.name);
    case "exec":
      return [into.list(step.argv), step.env === undefined ? 0 : into.list(step.env), textOr0(step.file, into)];
  }
}

function writeArgs(step: Extract<Step, { do: "write" }>, into: PlanBytes): readonly (number | bigint)[] {
  const { folder, path, data, mayBeMissing = false } = step;
  if (folder === undefined && path === undefined) throw new RangeError("a write goes to a path or to a descriptor");
  const [at, bytes] = into.bytes(data);
  const where = folder === undefined ? AT_FDCWD : fdArg(folder);
  return [where, textOr0(path, into), at, bytes, mayBeMissing ? 1 : 0];
}

const textOr0 = (text: Bytes | undefined, into: PlanBytes): number => (text === undefined ? 0 : into.text(text));
const fdArg = (fd: Fd): number => (typeof fd === "number" ? fd : -1 - fd.register);
const mask = (signals: readonly number[]): bigint =>
  BigInt.asIntN(
    64,
    signals.reduce((bits, signal) => bits | (1n << BigInt(signal - 1)), 0n),
  );

function putSaying({ rows = {}, otherwise }: Saying, into: PlanBytes): number {
  const words = Object.entries(rows).flatMap(([name, text]) => {
    const number = isErrnoName(name) ? ERRNOS[name] : undefined;
    return number === undefined || text === undefined ? [] : [number, into.text(text)];
  });
  return into.words([into.text(otherwise), words.length / 2, ...words]);
}

/** By number, from 0 on. Numbers that mean nothing have words too: the launcher then never lacks any. */
function putErrnos({ errnoText, report }: Plan, into: PlanBytes): { readonly at: number; readonly count: number } {
  // What is reported is put into words by whoever reads the report.
  if (report !== undefined) return { at: 0, count: 0 };
  const texts: string[] = [];
  for (const [name, number] of Object.entries(ERRNOS)) {
    while (texts.length <= number * 2) texts.push(`${texts.length / 2}`, "");
    if (isErrnoName(name)) [texts[number * 2], texts[number * 2 + 1]] = [name, errnoText(name)];
  }
  return { at: into.words(into.texts(texts)), count: texts.length / 2 };
}
