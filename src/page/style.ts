import { KINDS } from "../abi/namespace-kinds.ts";
import { KIND_SIGNS } from "../render/picture/kind-signs.ts";
import { PAGE_COLORS } from "../render/picture/svg-style.ts";

/** The height of a row of a list, in CSS pixels. */
export const ROW_PX = 28;

/**
 * What the page has beside the picture's colours: the ground of what is chosen or under the cursor, and the ring around what
 * has the focus. A test computes the contrast of words on each ground, and of rings and lines beside it.
 */
export const PAGE_GROUNDS = {
  light: { chosen: "#dcebfb", cursor: "#eef2f6", ring: "#0a5fb8", fault: "#a3161b" },
  dark: { chosen: "#1c3a57", cursor: "#232c36", ring: "#7db8f5", fault: "#ff9d97" },
} as const;

const colors = (theme: keyof typeof PAGE_COLORS): string =>
  Object.entries({ ...PAGE_COLORS[theme], ...PAGE_GROUNDS[theme] })
    .map(([name, color]) => `--${name}:${color}`)
    .join(";");

/** Letters of other colours on a sign would not be read. */
const signs = KINDS.map((kind) => `.sign-${kind}{background:${KIND_SIGNS[kind].color}}`).join("");

/**
 * The page's style: light and dark by the reader's wish and light on paper, one column on a narrow screen and two on a wide
 * one. Forced colours (high contrast) keep every word, since nothing is told by colour alone.
 */
export const PAGE_STYLE = `
:root{${colors("light")};color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{${colors("dark")}}}
*{box-sizing:border-box}
[hidden]{display:none!important}
body{margin:0;padding:0 16px 24px;background:var(--page);color:var(--words);font:15px/1.45 system-ui,sans-serif}
h1{font-size:1.35em;margin:14px 0 2px}h2{font-size:1.1em;margin:0 0 6px;overflow-wrap:anywhere}
h3{font-size:1em;margin:16px 0 4px}
p{margin:4px 0}ul{margin:4px 0;padding-inline-start:20px}ul.plain,li.plain{list-style:none;padding:0}
a{color:var(--ring)}
code,dd,.row,.lines,.detail h2,.detail li{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:13px}
.detail h2{font-size:15px}
.hint,.more,.uid,dt{color:var(--faint)}
.hint{font-size:.92em}.fault{color:var(--fault)}.mine{color:var(--own)}
:focus-visible{outline:3px solid var(--ring);outline-offset:1px}
input,select,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:4px;padding:5px 8px;max-width:100%}
button{cursor:pointer}button:hover{background:var(--chosen)}
input[type=checkbox]{width:16px;height:16px;margin:0;accent-color:var(--ring)}
#about{display:flex;flex-wrap:wrap;gap:2px 16px;align-items:center;color:var(--faint);font-size:.92em}
#about .save{margin-inline-start:auto;color:var(--words)}
.controls{display:flex;flex-wrap:wrap;gap:8px 10px;align-items:center;padding:10px 0;grid-area:controls}
#query{flex:1 1 220px;min-width:0}
fieldset{display:flex;flex-wrap:wrap;gap:4px 14px;border:0;margin:0;padding:0;min-width:0}
legend{float:left;padding:0;margin-inline-end:4px;line-height:24px;color:var(--faint)}
fieldset label{display:inline-flex;gap:5px;align-items:center;padding:3px 0;cursor:pointer}
.kind-sign{display:inline-block;width:18px;height:18px;line-height:18px;margin-inline-end:6px;border-radius:3px;color:#fff;font:bold 12px/18px ui-monospace,monospace;text-align:center;flex:none}
fieldset .kind-sign{margin:0}
${signs}
#atlas{display:grid;grid-template-columns:minmax(0,1fr);grid-template-areas:"controls" "tree" "answers";gap:0 24px}
.tree{grid-area:tree;min-width:0}.answers{grid-area:answers;min-width:0}
.list{position:relative;overflow:auto;border:1px solid var(--line);border-radius:6px;background:var(--card);overscroll-behavior:contain}
#tree{max-height:45vh;min-height:120px}#members{max-height:240px}
.rows{position:relative;min-height:1px}
.row{position:absolute;inset-inline:0;height:${ROW_PX}px;display:flex;align-items:center;gap:6px;padding:0 6px;white-space:nowrap;overflow:hidden;cursor:pointer}
.row>*{flex:none;line-height:18px}.row .more{flex:0 1 auto;min-width:0;overflow:hidden;text-overflow:ellipsis}
.row .kind-sign{margin:0}
.row.cursor{background:var(--cursor)}
.list:focus-visible .row.cursor{box-shadow:inset 0 0 0 2px var(--ring)}
.row[aria-selected=true]{background:var(--chosen);box-shadow:inset 4px 0 0 var(--ring)}
.list:focus-visible .row.cursor[aria-selected=true]{box-shadow:inset 4px 0 0 var(--ring),inset 0 0 0 2px var(--ring)}
.twist{width:14px;text-align:center;color:var(--faint)}
.detail,.ask{padding:10px 0}
.ask{border-top:1px solid var(--line)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:3px 14px;margin:6px 0}
dd{margin:0;overflow-wrap:anywhere}dt{font-size:.92em}
.detail li{margin:3px 0;overflow-wrap:anywhere}
form{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:end;margin:4px 0 8px}
.field{display:flex;flex-direction:column;gap:2px;flex:1 1 170px;min-width:0}
.field:first-child{flex-basis:100%}
.field label{color:var(--faint);font-size:.88em}
.lines{white-space:pre-wrap;overflow-wrap:anywhere}
.answer>.lines{border-inline-start:3px solid var(--line);padding-inline-start:10px}
figure{margin:20px 0 0}figcaption{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:baseline;margin-bottom:6px}
#picture{overflow:auto;border:1px solid var(--line);border-radius:6px}
#picture svg{display:block}
#picture [data-namespace],#picture [data-pid]{cursor:pointer}
#picture .chosen>rect:not(.sign){stroke:var(--ring);stroke-width:4}
@media (min-width:900px){
#atlas{grid-template-columns:minmax(360px,5fr) minmax(0,7fr);grid-template-areas:"controls controls" "tree answers"}
#tree{max-height:70vh}
.tree{position:sticky;top:8px;align-self:start}
}
@media print{
body{padding:0;font-size:11pt}
.controls,form,button,figcaption .hint{display:none!important}
.detail:has(>div>.hint:first-child),.ask:has(.answer:empty){display:none}
#atlas{display:block}
.list,#picture{overflow:visible;height:auto!important;max-height:none!important;border:0}
#picture svg{max-width:100%;height:auto}
.row,.detail li,dd{break-inside:avoid}
.row.cursor{background:none}
.kind-sign{print-color-adjust:exact}
a{color:inherit;text-decoration:none}
}
`;
