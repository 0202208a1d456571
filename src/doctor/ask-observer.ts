import { INTERFACE_NAMES, type InterfaceName } from "../abi/interfaces.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import type { Tried } from "../kernel/tried.ts";
import type { Outcome } from "../rules/outcome.ts";

/** The questions of an observer that are one call each, and what they are asked of: as native/holder-attempts.c does. */
const QUESTIONS: Partial<Record<InterfaceName, readonly [link: string, ask: (file: NsFile) => Outcome<unknown>]>> = {
  "/proc/self/ns": ["user", (file) => ({ ok: true, value: file.id })],
  NS_GET_USERNS: ["net", (file) => closed(file.openOwner())],
  NS_GET_PARENT: ["net", (file) => closed(file.openParent())],
  NS_GET_OWNER_UID: ["user", (file) => file.ownerUid()],
  NS_GET_ID: ["net", (file) => file.uniqueId()],
};

/** What an observer that is not the running kernel answers; what it has no question for is untried. */
export const askObserver = (observer: Observer): readonly Tried[] =>
  INTERFACE_NAMES.map((name): Tried => {
    const question = QUESTIONS[name];
    if (question === undefined) return { name, came: "untried" };
    const [link, ask] = question;
    const opened = observer.open(`${observer.procRoot}/self/ns/${link}`);
    if (!opened.ok) {
      const { errno } = opened;
      return name === "/proc/self/ns" ? { name, came: "errno", errno } : { name, came: "untried", errno };
    }
    using file = opened.value;
    const answer = ask(file);
    return answer.ok ? { name, came: "result" } : { name, came: "errno", errno: answer.errno };
  });

function closed(opened: Outcome<NsFile>): Outcome<unknown> {
  if (opened.ok) opened.value[Symbol.dispose]();
  return opened;
}
