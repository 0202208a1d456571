import { inodeOf } from "../abi/ids.ts";
import type { Answer, Played } from "./carry-out.ts";
import { reasonsIn } from "./sentences.ts";
import type { Demo } from "./demo.ts";
import { promptOf } from "./transcripts.ts";

/** The sessions for programs: what was typed, what each kernel said. A side that could not play says which call failed. */
export function demoJson({ scenes, releases, whyAlone, agree }: Demo): object {
  return {
    demo: {
      agree: agree ?? null,
      kernel: releases.kernel ?? null,
      model: releases.model,
      ...(whyAlone !== undefined && { "why-no-kernel": whyAlone }),
      sessions: scenes.map((scene) => ({
        name: scene.transcript.name,
        agree: scene.verdict ?? null,
        commands: scene.transcript.lines.map(({ text, command }) => ({ prompt: promptOf(command), text })),
        kernel: sideJson(scene.kernel),
        model: sideJson(scene.model),
        reasons: [...reasonsIn(scene).keys()],
      })),
    },
  };
}

function sideJson(played: Played | undefined): object | null {
  if (played === undefined) return null;
  if ("prevented" in played) return { refused: { call: played.prevented.call, errno: played.prevented.refusal.errno } };
  return { answers: played.answers.map(answerJson) };
}

function answerJson(answer: Answer): object {
  switch (answer.is) {
    case "process":
      return { pid: answer.pid };
    case "link":
      return { link: `${answer.kind}:[${inodeOf(answer.id)}]` };
    case "relation": {
      const { relation, outcome } = answer;
      return outcome.ok ? { relation, namespace: outcome.value } : { relation, errno: outcome.errno };
    }
  }
}
