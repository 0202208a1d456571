import { GLYPHS, type Glyphs } from "../render/glyphs.ts";

/**
 * The signs that the terminal's locale can show. The first of LC_ALL, LC_CTYPE and LANG that is set and not empty
 * decides, as in setlocale(3); where none is, a terminal of today shows UTF-8.
 */
export function glyphsOf(env: Readonly<Record<string, string | undefined>>): Glyphs {
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return locale === undefined || /utf-?8/i.test(locale) ? GLYPHS["utf-8"] : GLYPHS.ascii;
}
