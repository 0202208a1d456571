import { createHash } from "node:crypto";
import { brotliDecompressSync } from "node:zlib";
import { PACKED_SCRIPT } from "nsatlas:page-script";
import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { Language } from "../messages/sentence.ts";
import { pageDocument } from "../page/document.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { VERSION } from "../version.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("base64");

/** What was seen as a page for a browser, which opens with these kinds; without any, with all. */
export const pageOf = (
  index: SnapshotIndex,
  wish: { readonly language: Language; readonly all: boolean; readonly kinds: readonly NamespaceKind[] },
): string => {
  const script = brotliDecompressSync(Buffer.from(PACKED_SCRIPT, "base64")).toString();
  return pageDocument(index, { ...wish, script, hash, version: VERSION });
};
