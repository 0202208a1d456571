/** What a shell may put in place of the word that is being typed. */
export interface Candidate {
  /** The whole word. */
  readonly word: string;
  /** What it is, for shells that show it. */
  readonly about?: string;
}

/** What there is to offer. */
export interface Offer {
  readonly candidates: readonly Candidate[];
  /** The shell knows better: names of files, or of programs and their own options. */
  readonly shell?: "files" | "command";
  /** No blank behind the word: it goes on. */
  readonly open?: true;
}
export const NOTHING: Offer = { candidates: [] };

/** Those that begin as the typed word does. */
export const beginning = (typed: string, candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter(({ word }) => word.startsWith(typed));
