import type { CostlySource, SourceWish } from "../discover/cost.ts";
import type { DiscoverWish } from "../discover/discover.ts";
import { flag } from "./options.ts";

/** The options that say which of the sources to leave out that take time, or to read all of them however much there is. */
export const SOURCE_OPTIONS = {
  "no-threads": flag("do not look at threads besides the first of each process"),
  "no-fds": flag("do not look at open files, nor at sockets and pidfds"),
  "no-sockets": flag("do not ask sockets for their network namespace"),
  "no-mounts": flag("do not look at mounts"),
  "no-enter": flag("send no process into other namespaces to look there"),
  "all-sources": flag("look at all threads, open files and sockets, however many there are"),
};

/** Of commands that show what namespaces say of themselves. */
export const ATTRIBUTE_OPTIONS = {
  "no-attributes": flag("do not ask namespaces for hostname, clocks, interfaces, limits"),
};

const LEFT_OUT: readonly (readonly [Exclude<keyof typeof SOURCE_OPTIONS, "all-sources" | "no-enter">, CostlySource])[] =
  [
    ["no-threads", "threads"],
    ["no-fds", "descriptors"],
    ["no-sockets", "sockets"],
    ["no-mounts", "mounts"],
  ];

/** What the values of these options ask of discovery. */
export const sourceWish = (
  values: Readonly<Record<keyof typeof SOURCE_OPTIONS, boolean>> &
    Readonly<Partial<Record<keyof typeof ATTRIBUTE_OPTIONS, boolean>>>,
): SourceWish & Pick<DiscoverWish, "enter"> => ({
  without: [
    ...LEFT_OUT.flatMap(([option, source]) => (values[option] ? [source] : [])),
    ...(values["no-attributes"] === true ? (["attributes"] as const) : []),
  ],
  allSources: values["all-sources"],
  enter: !values["no-enter"],
});
