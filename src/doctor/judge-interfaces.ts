import { interfaceRow } from "../abi/interfaces.ts";
import type { Tried } from "../kernel/tried.ts";
import { atLeast } from "../rules/release.ts";
import type { InterfaceAnswer } from "./diagnosis.ts";

/**
 * What each try says about the interface. Only for what a try leaves open is the release asked: ENOSYS from a kernel that
 * has the call, and EPERM where the call knows none, come from a filter.
 */
export const judgeInterfaces = (tried: readonly Tried[], release: string): readonly InterfaceAnswer[] =>
  tried.map((one) => ({ name: one.name, since: interfaceRow(one.name).since, ...verdict(one, release) }));

function verdict(tried: Tried, release: string): Pick<InterfaceAnswer, "answer" | "errno"> {
  const { since, answers = [], lacks = [], mayRefuse = false } = interfaceRow(tried.name);
  switch (tried.came) {
    case "result":
      return { answer: "answers" };
    case "killed":
      return { answer: "filtered" };
    case "untried":
      return tried.errno === undefined ? { answer: "untried" } : { answer: "untried", errno: tried.errno };
    case "errno": {
      const { errno } = tried;
      if (answers.includes(errno)) return { answer: "answers" };
      if (errno === "ENOSYS") return { answer: atLeast(release, since) ? "filtered" : "missing", errno };
      if (lacks.includes(errno)) return { answer: "missing", errno };
      return { answer: errno === "EPERM" && !mayRefuse ? "filtered" : "refused", errno };
    }
  }
}
