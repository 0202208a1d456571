/** The languages nsatlas speaks. A sentence has all of them side by side, so that none can be forgotten. */
export const LANGUAGES = ["en", "fr"] as const;
export type Language = (typeof LANGUAGES)[number];

/** A fixed text in every language. */
export type Text = Readonly<Record<Language, string>>;
/** A text with blanks: the same values fill it in every language. */
export type Sentence<Values extends object> = Readonly<Record<Language, (values: Values) => string>>;

/**
 * The language that the environment asks for: the first of LC_ALL, LC_MESSAGES and LANG that is set and not empty
 * decides, as in setlocale(3). Anything but French reads as English.
 */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const wish = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return wish !== undefined && /^fr(_|\.|@|$)/.test(wish) ? "fr" : "en";
}
