import { KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { PAGE_SENTENCES, PAGE_TEXTS } from "../messages/page.ts";
import type { Language } from "../messages/sentence.ts";
import { drawPicture } from "../render/picture/draw.ts";
import { pictureText } from "../render/picture/forms.ts";
import { SVG_STYLE } from "../render/picture/svg-style.ts";
import { xmlText } from "../render/xml.ts";
import { inOrder } from "../snapshot/order.ts";
import type { SnapshotIndex } from "../snapshot/index-snapshot.ts";
import { packed } from "./pack.ts";
import { PAGE_STYLE } from "./style.ts";

interface Making {
  readonly language: Language;
  /** The page's own program, one script. */
  readonly script: string;
  /** SHA-256 of a text's bytes, in base64. */
  readonly hash: (text: string) => string;
  /** Of nsatlas. */
  readonly version: string;
  /** The kinds that it opens with; all of them where there are none. */
  readonly kinds: readonly NamespaceKind[];
  /** Whether the picture has every namespace by itself. */
  readonly all: boolean;
}

/**
 * The page as one file: the picture, what was seen, and the script that shows it, which is the only one that may run and
 * which no other file is fetched for (a Content Security Policy of hashes). The picture is there without a script.
 */
export function pageDocument(index: SnapshotIndex, { language, script, hash, version, kinds, all }: Making): string {
  const { snapshot } = index;
  const { takenAt, viewpoint, redacted } = snapshot;
  const shown = KINDS.filter((kind) => kinds.includes(kind));
  const wish = { language, charset: "utf-8", all, ...(shown.length > 0 && { kinds: new Set(shown) }) } as const;
  const picture = drawPicture(index, wish);
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash(script)}'`,
    `style-src 'sha256-${hash(PAGE_STYLE)}' 'sha256-${hash(SVG_STYLE)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const text = (name: keyof typeof PAGE_TEXTS): string => xmlText(PAGE_TEXTS[name][language]);
  const seen = PAGE_SENTENCES.seen[language]({ at: minuteOf(takenAt), uid: viewpoint.uid.effective, version });
  return [
    "<!doctype html>",
    `<html lang="${language}">`,
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${xmlText(picture.title)}</title>`,
    `<style>${PAGE_STYLE}</style>`,
    "</head>",
    "<body>",
    "<header>",
    `<h1>${xmlText(picture.title)}</h1>`,
    `<div id="about"><span>${xmlText(seen)} ${text(redacted ? "redacted" : "holdsAll")}</span></div>`,
    ...picture.notes.map((note) => `<p class="hint">${xmlText(note)}</p>`),
    `<noscript><p><strong>${text("noScript")}</strong></p></noscript>`,
    "</header>",
    '<main><div id="atlas"></div>',
    `<figure><figcaption><h2 id="picture-name">${text("picture")}</h2><span class="hint">${text("pictureHow")}</span></figcaption>`,
    `<div id="picture" tabindex="0" role="region" aria-labelledby="picture-name"${opening(shown, all)}>${pictureText(picture, "svg", language)}</div></figure>`,
    "</main>",
    `<script type="application/json" id="snapshot">${inScript(JSON.stringify(packed(inOrder(snapshot))))}</script>`,
    `<script>${script}</script>`,
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** `2026-11-22 12:20 UTC`, of a time in ISO 8601. */
const minuteOf = (time: string): string => `${time.slice(0, "2026-11-22T12:20".length).replace("T", " ")} UTC`;

/** What the script has to know of the picture that is there. */
const opening = (kinds: readonly NamespaceKind[], all: boolean): string =>
  `${kinds.length > 0 ? ` data-kinds="${kinds.join(" ")}"` : ""}${all ? " data-all" : ""}`;

/** JSON that cannot end its element: no name is read as HTML. Source: HTML, "Restrictions for contents of script elements". */
const inScript = (json: string): string => json.replaceAll("<", "\\u003c");
