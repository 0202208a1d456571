import type { NamespaceKind } from "../../src/abi/namespace-kinds.ts";
import { isKind } from "../../src/abi/namespace-kinds.ts";
import { GLYPHS } from "../../src/render/glyphs.ts";
import { listColumnNamed, type ListColumnName } from "../../src/render/list-columns.ts";
import type { ListTree } from "../../src/render/list-rows.ts";
import { defaultListColumns, type ListLayout, type ListRequest } from "../../src/render/list.ts";

/** A list as lsns's own words ask for it. */
export interface ListWish {
  readonly request: Omit<ListRequest, "keeps">;
  readonly filter: string | undefined;
  readonly layout: ListLayout | "json";
}
export interface Asked {
  readonly words: readonly string[];
  readonly width?: number;
  readonly charset?: "utf-8" | "ascii";
}

/** From a process to another, as JSON: the questions, which each side reads for itself. */
export const readWishes = (json: string): ListWish[] => (JSON.parse(json) as Asked[]).map(wishOf);

const TREES: Record<string, ListTree> = {
  "-T": "owner",
  "-Towner": "owner",
  "-Tparent": "parent",
  "-Tprocess": "process",
};

/** Reads the words that lsns.test.ts uses, and no others: the command line's own parser is tested elsewhere. */
function wishOf({ words, width, charset = "utf-8" }: Asked): ListWish {
  const has = (word: string): boolean => words.includes(word);
  const after = (word: string): string | undefined => words[words.indexOf(word) + 1 || words.length];
  const kinds = new Set<NamespaceKind>(words.filter((_word, nth) => words[nth - 1] === "-t").filter(isKind));
  const some = kinds.size > 0 ? { kinds } : {};
  const columns =
    after("-o")
      ?.split(",")
      .map((word): ListColumnName => listColumnNamed(word) ?? "NS") ??
    defaultListColumns({ ...some, processes: false });
  const named = words.map((word) => TREES[word]).find((tree) => tree !== undefined);
  const tree = named ?? (has("-l") || !columns.includes("COMMAND") ? "none" : "process");
  const pid = after("-p");
  return {
    request: { columns, tree, ...some, ...(pid !== undefined && { pid: Number(pid) }), persistent: has("-P") },
    filter: after("-Q"),
    layout: has("-J")
      ? "json"
      : {
          headings: !has("-n"),
          raw: has("-r"),
          oneLine: has("-r") || has("-W"),
          width: has("-u") ? undefined : width,
          glyphs: GLYPHS[charset],
        },
  };
}
