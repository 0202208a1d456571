/* Bundled and run in a box by lsns.test.ts: prints the lists that its words ask for, from one look at this machine. */
import { discover } from "../../src/discover/discover.ts";
import { loadNative } from "../../src/kernel/live/load-native.ts";
import { LiveObserver } from "../../src/kernel/live/observer.ts";
import type { ListSubject } from "../../src/render/list-columns.ts";
import { listFilter } from "../../src/render/list-filter.ts";
import { listJson, listText } from "../../src/render/list.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import { readWishes } from "./list-wishes.ts";

const [root = "", ...words] = process.argv.slice(2);
const loaded = loadNative({ platform: process.platform, arch: process.arch, root });
if ("missing" in loaded) throw new Error(JSON.stringify(loaded.missing));
const stamp = { producer: { name: "test", version: "0" }, takenAt: new Date(0) };
const seen = await discover(new LiveObserver(loaded.native), { commandLines: true, cgroups: false }, stamp);
if (!seen.ok) throw new Error(seen.errno);

const source = { index: indexSnapshot(seen.value), userName: (uid: number) => (uid === 0 ? "root" : undefined) };
const texts = readWishes(words[0] ?? "[]").map(({ request: wished, filter, layout }) => {
  const keeps = listFilter(filter ?? "");
  const paths = layout !== "json" && layout.oneLine ? "," : "\n";
  const request = { ...wished, keeps: (subject: ListSubject) => keeps(subject, source, paths) };
  return layout === "json" ? listJson(source, request) : listText(source, request, layout);
});
console.log(JSON.stringify(texts));
