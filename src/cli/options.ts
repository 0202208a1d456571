import type { Text } from "../messages/sentence.ts";
import type { OptionForm } from "./getopt.ts";

/** What reading one value gives: the value, or what would have been one ("a whole number") and a way out. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expected: Text; readonly hint?: Text };
export type Reader<T> = ((text: string) => Read<T>) & {
  /** The words there are, where they are few: completion offers them. */
  readonly choices?: readonly string[];
  /** Several of them with commas between. */
  readonly list?: true;
};

interface Described {
  readonly short?: string;
  /** Completes "--option …": a phrase without a full stop. */
  readonly help: string;
  /** Left out of help, but taken. */
  readonly hidden?: true;
  /** Given twice, the last counts, as in the program whose options these are. */
  readonly lastCounts?: true;
  /** A value is attached to the name only, never to the letter. */
  readonly bareLetter?: true;
}
/** Is there or not. */
export interface Flag extends Described {
  readonly kind: "flag";
}
/** Takes one value; given twice it is an error. */
export interface Single<T> extends Described {
  readonly kind: "single";
  readonly takes: string;
  readonly read: Reader<T>;
}
/** Takes a value each time it is given. */
export interface Many<T> extends Described {
  readonly kind: "many";
  readonly takes: string;
  readonly read: Reader<T>;
}
/** Takes a value, attached, or stands for one alone (`-T`, `-Towner`). */
export interface Optional<T> extends Described {
  readonly kind: "optional";
  readonly takes: string;
  readonly read: Reader<T>;
  readonly bare: T;
}
export type Option = Flag | Single<unknown> | Many<unknown> | Optional<unknown>;

/** A command's options by long name: one table for parsing, help, completion and the types of what `run` gets. */
export type Options = Readonly<Record<string, Option>>;

/** What a table's options give once read. */
export type Values<Table extends Options> = {
  readonly [Name in keyof Table]: Table[Name] extends Flag
    ? boolean
    : Table[Name] extends Single<infer T>
      ? T | undefined
      : Table[Name] extends Many<infer T>
        ? readonly T[]
        : Table[Name] extends Optional<infer T>
          ? T | undefined
          : never;
};

type More = { short?: string; lastCounts?: true; bareLetter?: true };

export const flag = (help: string, more: More & { hidden?: true } = {}): Flag => ({
  kind: "flag",
  help,
  ...more,
});
export const single = <T>(takes: string, read: Reader<T>, help: string, more: More = {}): Single<T> => ({
  kind: "single",
  takes,
  read,
  help,
  ...more,
});
export const many = <T>(takes: string, read: Reader<T>, help: string, more: More = {}): Many<T> => ({
  kind: "many",
  takes,
  read,
  help,
  ...more,
});
export const optional = <T>(takes: string, read: Reader<T>, bare: T, help: string, more: More = {}): Optional<T> => ({
  kind: "optional",
  takes,
  read,
  bare,
  help,
  ...more,
});

/** An option that takes snapshots of many hosts takes this; each is then asked the same question, see `hosts.ts`. */
export const MANY_FILES = "FILE…";
/** An option for where the answer is written takes this. */
export const ONE_FILE = "FILE";

const TAKES = { flag: "nothing", single: "value", many: "value", optional: "optional" } as const;

/** The table as the parser wants it. */
export const formsOf = (options: Options): readonly OptionForm[] =>
  Object.entries(options).map(([long, { kind, short, bareLetter }]) => ({
    long,
    takes: TAKES[kind],
    ...(short === undefined ? {} : { short }),
    ...(bareLetter === undefined ? {} : { bareLetter }),
  }));
