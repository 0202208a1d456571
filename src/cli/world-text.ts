import { DRAWING, LEFT_OUT, NOT_DRAWN } from "../messages/drawing.ts";
import type { Language } from "../messages/sentence.ts";
import { USAGE_HINTS } from "../messages/usage.ts";
import { drawingText, type WorldDrawing } from "../what-if/draw-world.ts";
import type { CommandFailure } from "./failure.ts";
import { usageFailure } from "./usage.ts";

/** The drawing, and a remark for each thing that the world has and the drawing does not say. */
export function worldText(drawing: WorldDrawing, language: Language): string {
  const remarks = Array.from(drawing.leftOut, ([what, count]) =>
    NOT_DRAWN[language]({ what: LEFT_OUT[what][language]({ count }) }),
  );
  return drawingText(drawing) + remarks.map((remark) => `${remark}\n`).join("");
}

/** Only of a world that was drawn all is known. */
export const printsDrawn = (language: Language): CommandFailure =>
  usageFailure(DRAWING["print-needs-world"][language], USAGE_HINTS["see-help"][language]({ command: "what-if" }));
