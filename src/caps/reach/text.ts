import { ASSUMED, MISSING_EVIDENCE } from "../../messages/evidence.ts";
import { CAN_WORDS } from "../../messages/can.ts";
import { COLON } from "../../messages/errors.ts";
import { REACH, REACH_REASONS, REACH_STEPS } from "../../messages/reach.ts";
import { safeText } from "../../messages/safe-text.ts";
import { WHO } from "../../messages/who.ts";
import { gapText } from "../../render/gap-words.ts";
import { groupBy } from "../../render/group.ts";
import { namesIn } from "../../render/namespace-name.ts";
import type { SnapshotIndex } from "../../snapshot/index-snapshot.ts";
import { Page, type TextOptions } from "../page.ts";
import type { ReachStep, Through } from "./path.ts";
import type { ReachAnswer, ReachedNamespace } from "./reach.ts";

interface ReachTextOptions extends TextOptions {
  /** Every namespace, however many. */
  readonly all: boolean;
}

/** So many of one list are shown without `all`. */
const MOST = 12;

/** How processes and namespaces of a path are called. */
export class Names {
  readonly #index: SnapshotIndex;
  readonly #options: Pick<TextOptions, "language" | "charset">;
  readonly ofNamespace: ReturnType<typeof namesIn>;

  constructor(index: SnapshotIndex, options: Pick<TextOptions, "language" | "charset">) {
    this.#index = index;
    this.#options = options;
    this.ofNamespace = namesIn(index.snapshot);
  }

  process(pid: number): string {
    const comm = this.#index.processes.get(pid)?.comm;
    return comm === undefined ? String(pid) : `${pid} ${safeText(comm, this.#options.charset)}`;
  }
  namespace(id: ReachedNamespace["namespace"]): string {
    const record = this.#index.namespaces.get(id);
    return record === undefined ? id : this.ofNamespace(record);
  }

  /** `42 sleep joins net:[…] through /proc/7/ns/net (setns): as owner of user:[…]` */
  step({ by, how, because }: ReachStep): string {
    const { language } = this.#options;
    const who = this.process(by);
    const proc = this.#index.snapshot.viewpoint.proc ?? "/proc";
    const user = "user" in because ? this.namespace(because.user) : "";
    const say = (what: string, through: string, kind: keyof typeof REACH_STEPS): string =>
      REACH_STEPS[kind][language]({ who, what, through });
    const text = (): string => {
      switch (how.way) {
        case "take-over":
          return say(this.process(how.pid), "", "take-over");
        case "join": {
          const kind = how.through.by === "taken-descriptor" ? "taken" : "link";
          return say(this.namespace(how.namespace), pathOf(how.through, proc), kind);
        }
        case "look":
          return say(this.namespace(how.namespace), `${proc}/${how.pid}/root`, "look");
        case "become": {
          const ids = [how.uid === null ? "" : `uid ${how.uid}`, how.gid === null ? "" : `gid ${how.gid}`];
          return say(ids.filter((one) => one !== "").join(", "), "", "become");
        }
        default:
          return say("", "", how.way);
      }
    };
    return `${text()}${COLON[language]} ${REACH_REASONS[because.rule][language]({ user })}`;
  }
}

function pathOf(through: Through, proc: string): string {
  switch (through.by) {
    case "link":
      return `${proc}/${through.pid}${through.tid === undefined ? "" : `/task/${through.tid}`}/ns/${through.link}`;
    case "descriptor":
    case "taken-descriptor":
      return `${proc}/${through.pid}/fd/${through.fd}`;
    case "mount":
      return through.path;
  }
}

/** The most that it has of a namespace: to be in it goes before power over it, and that before its files. */
function best({ inside, admin, look }: ReachedNamespace): {
  readonly aim: "inside" | "admin" | "look";
  readonly path: readonly ReachStep[];
} {
  if (inside !== null) return { aim: "inside", path: inside };
  return admin === null ? { aim: "look", path: look ?? [] } : { aim: "admin", path: admin };
}

/** What it can get to, the nearest first, each with its path. */
export function reachText(index: SnapshotIndex, answer: ReachAnswer, options: ReachTextOptions): string {
  const { language, charset, all } = options;
  const names = new Names(index, options);
  const page = new Page(options);
  const { pid, tid, comm } = answer.who;
  const who = `${tid === undefined ? pid : `${pid}/${tid}`} ${safeText(comm, charset)}`;
  const { verdict, steps } = answer.initial;
  page.say(REACH.initial[verdict][language]({ who, count: steps.length }), { paint: page.paint.strong });
  for (const [nth, step] of steps.entries()) page.say(`${nth + 1}. ${names.step(step)}`, { indent: "  ", hanging: 5 });
  const { unshare } = answer;
  const isWhole = unshare.verdict !== "yes" || unshare.kinds.includes("pid");
  page.say(REACH.unshare[isWhole ? unshare.verdict : "withoutPid"][language]);
  const lists = groupBy(
    answer.reached.map((one) => ({ one, ...best(one) })),
    ({ path }) => path.length,
  );
  for (const [length, list] of [...lists].sort(([a], [b]) => a - b)) {
    const count = list.length;
    page.heading(length === 0 ? REACH.has[language]({ count }) : REACH.paths[language]({ count, length }));
    for (const { one, aim, path } of all ? list : list.slice(0, MOST)) {
      const isAdmin = aim === "inside" && one.admin !== null && one.admin.length <= path.length;
      const power = [REACH[aim][language], ...(isAdmin ? [REACH.admin[language]] : [])].join(", ");
      page.item(`${names.namespace(one.namespace)}${COLON[language]} ${power}`);
      for (const [nth, step] of path.entries())
        page.say(`${nth + 1}. ${names.step(step)}`, { indent: "    ", hanging: 7 });
    }
    if (!all && count > MOST) page.say(REACH.more[language]({ count: count - MOST }), { indent: "  " });
  }
  if (lists.size === 0) page.heading(REACH.nothing[language]);
  if (answer.cut) page.heading(REACH.cut[language]);
  tellUntaken(page, answer, names, options);
  if (answer.assumed.length > 0) page.heading(CAN_WORDS.assumed[language]);
  const { assumed } = answer;
  for (const { what, of } of all ? assumed : assumed.slice(0, MOST)) page.item(ASSUMED[what][language]({ of }));
  if (!all && assumed.length > MOST) page.say(REACH.more[language]({ count: assumed.length - MOST }), { indent: "  " });
  if (answer.gaps.length > 0) {
    page.heading(WHO.gaps[language]);
    for (const gap of answer.gaps) page.item(gapText(gap, language));
  }
  page.heading(REACH.beyond[language]);
  return page.text;
}

function tellUntaken(page: Page, { untaken }: ReachAnswer, names: Names, { language, all }: ReachTextOptions): void {
  if (untaken.length === 0) return;
  page.heading(REACH.untaken[language]({ count: untaken.length }));
  // Many steps may want for the same.
  const alike = new Map<string, number>();
  for (const { by, missing } of untaken) {
    const what = MISSING_EVIDENCE[missing.what][language](missing);
    const text = `${REACH.untakenBy[language]({ who: names.process(by) })} ${what}`;
    alike.set(text, (alike.get(text) ?? 0) + 1);
  }
  const lines = [...alike];
  for (const [text, count] of all ? lines : lines.slice(0, MOST)) {
    page.item(count === 1 ? text : `${text} ${REACH.times[language]({ count })}`);
  }
  if (!all && lines.length > MOST) page.say(REACH.more[language]({ count: lines.length - MOST }), { indent: "  " });
}
