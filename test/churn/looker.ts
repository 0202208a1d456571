/* Bundled and run beside a churner: `node looker.mjs ROOT LOOKS` prints what came of the looks, as JSON. */
import { loadNative } from "../../src/kernel/live/load-native.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import { lookOften } from "./look.ts";

const [root = "", looks = "1", half = ""] = process.argv.slice(2);
const loaded = loadNative({ platform: process.platform, arch: process.arch, root });
if ("missing" in loaded) throw new Error(JSON.stringify(loaded.missing));
const observer = new LiveObserver(half === "without-native" ? undefined : loaded.native);
console.log(JSON.stringify(await lookOften(observer, Number(looks))));
