import { inodeOf } from "../abi/ids.ts";
import { DEMO, DEMO_SENTENCES, TRANSCRIPT_TITLES } from "../messages/demo.ts";
import type { Language } from "../messages/sentence.ts";
import { palette, type Paint } from "../render/palette.ts";
import { relationLine } from "../render/relation-line.ts";
import { columnsOf, padEnd } from "../render/width.ts";
import { wrap } from "../render/wrap.ts";
import type { Answer, Played, Prevented } from "./carry-out.ts";
import { answersOf, type Demo, type Scene } from "./demo.ts";
import { closingText, lessonsOf, preventedText } from "./sentences.ts";
import { promptOf } from "./transcripts.ts";

export interface DemoTextOptions {
  readonly width: number;
  readonly color: boolean;
  readonly language: Language;
}

/** What belongs to a session stands below its title, and answers below their command. */
const INDENT = "   ";
const ANSWER_INDENT = "     ";

/** The sessions as a page: below each command the answers of both kernels, then why they are so. */
export function demoText(demo: Demo, { width, color, language }: DemoTextOptions): string {
  const paint = palette(color);
  const plain: Paint = (text) => text;
  const put = (text: string, role: Paint = plain): string[] => wrap(text, { width }).map((line) => role(line));
  const putIndented = (text: string, role: Paint = plain): string[] =>
    wrap(text, { width: width - INDENT.length }).map((line) => INDENT + role(line));
  const lines = [
    ...put(demo.whyAlone === undefined ? DEMO.heading[language] : DEMO["heading-model-alone"][language]),
    ...(demo.whyAlone === undefined ? [] : put(demo.whyAlone, paint.missing)),
  ];
  for (const [index, scene] of demo.scenes.entries()) {
    const number = `${index + 1}. `;
    lines.push("", ...put(number + TRANSCRIPT_TITLES[scene.transcript.name][language], paint.strong));
    lines.push(...sceneLines(scene));
    const remark = remarkOn(scene, demo.scenes[index - 1]);
    if (remark !== undefined) lines.push(...putIndented(remark, paint.missing));
    for (const lesson of lessonsOf(demo, scene, language)) lines.push(...putIndented(lesson));
  }
  lines.push("", ...put(closingText(demo, language), demo.agree === false ? paint.missing : paint.strong));
  return `${lines.join("\n")}\n`;

  function sceneLines({ transcript, kernel, model }: Scene): string[] {
    const sides = { kernel: answersOf(kernel), model: answersOf(model) };
    return transcript.lines.flatMap(({ text, command }, place) => [
      INDENT + paint.faint(promptOf(command)) + text,
      ...answerLines("kernel", sides.kernel[place]),
      ...answerLines("model", sides.model[place]),
    ]);
  }
  function answerLines(side: "kernel" | "model", answer: Answer | undefined): string[] {
    if (answer === undefined) return [];
    const columns = Math.max(columnsOf(DEMO.kernel[language]), columnsOf(DEMO.model[language])) + 2;
    const [first = "", ...rest] = wrap(answerText(answer, language), { width: width - ANSWER_INDENT.length - columns });
    const label = ANSWER_INDENT + paint.faint(padEnd(DEMO[side][language], columns));
    return [label + first, ...rest.map((line) => ANSWER_INDENT + " ".repeat(columns + 2) + line)];
  }
  function remarkOn({ kernel, verdict }: Scene, before: Scene | undefined): string | undefined {
    if (verdict === false) return DEMO["they-differ"][language];
    const prevented = preventedIn(kernel);
    return prevented === undefined ? undefined : preventedText(prevented, preventedIn(before?.kernel), language);
  }
}

const preventedIn = (played: Played | undefined): Prevented | undefined =>
  played !== undefined && "prevented" in played ? played.prevented : undefined;

function answerText(answer: Answer, language: Language): string {
  switch (answer.is) {
    case "process":
      return DEMO_SENTENCES.started[language](answer);
    case "link":
      return `${answer.kind}:[${inodeOf(answer.id)}]`;
    case "relation":
      return relationLine(answer, language).text;
  }
}
