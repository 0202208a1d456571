import type { Language } from "../../messages/sentence.ts";
import type { Picture } from "./picture.ts";
import { toDot } from "./to-dot.ts";
import { toMermaid } from "./to-mermaid.ts";
import { toSvg } from "./to-svg.ts";

/** The forms that a picture can be written in. */
const FORMS = {
  dot: toDot,
  mermaid: toMermaid,
  svg: toSvg,
} as const satisfies Readonly<Record<string, (picture: Picture, language: Language) => string>>;
export type PictureForm = keyof typeof FORMS;

export const pictureText = (picture: Picture, form: PictureForm, language: Language): string =>
  FORMS[form](picture, language);
