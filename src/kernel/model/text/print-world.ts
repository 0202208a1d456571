import { parseDrawing } from "../../drawing.ts";
import { boot, FIRST } from "../boot.ts";
import type { FreeList, NsKey, World } from "../world.ts";
import { NamesOfWorld } from "./names.ts";
import { drawingOf, mountLines, namespaceLines } from "./print-namespaces.ts";
import { FilesOfWorld } from "./print-files.ts";
import { taskLines } from "./print-tasks.ts";
import { quoted, said, sentence } from "./statement.ts";
import { usualMount, usualNext } from "./usual.ts";

/**
 * A whole world as text, which `parseWorld` reads back: a drawing of its namespaces, and behind it a line for each thing
 * that is otherwise than in a machine that has just started. `nameOf` says what a namespace is called; without that, and
 * where it is no name of a drawing, it is KIND:ID. Throws a RangeError for a world that lacks what it refers to.
 */
export function printWorld(world: World, nameOf: (key: NsKey) => string | undefined = () => undefined): string {
  const names = new NamesOfWorld(world, nameOf);
  const booted = boot({ release: world.release, devices: world.numbering.devices });
  const drawing = drawingOf(world, names);
  const files = new FilesOfWorld(world, names);
  const tasks = taskLines(world, names, files);
  const lines = [
    kernelLine(world, booted),
    ...namespaceLines(world, names, booted, drawnOrder(drawing, world, names)),
    ...mountLines(world, names),
    ...files.lines,
    ...tasks,
  ];
  return drawing + lines.map((line) => `${line}\n`).join("");
}

/** The drawn namespaces in the order of their lines. */
function drawnOrder(drawing: string, world: World, names: NamesOfWorld): readonly NsKey[] {
  const keys = new Map(Array.from(world.namespaces.keys(), (key) => [names.of(key), key]));
  const drawn = parseDrawing(drawing);
  if (!drawn.ok) throw new RangeError(`the drawing of a world is none: ${drawn.message}`);
  return drawn.namespaces.flatMap(({ name }) => keys.get(name) ?? []);
}

function kernelLine(world: World, booted: World): string {
  const { release, numbering, ticks, nextNamespace, first, tasks } = world;
  const usual = usualNext(booted, world.namespaces.size - booted.namespaces.size);
  const latest = [...tasks.values()].reduce((last, { startTime }) => Math.max(last, startTime), 0);
  return sentence(
    "kernel",
    quoted(release),
    said("devices", numbering.devices, "one"),
    said("ticks", `${ticks}`, `${latest}`),
    said("next-id", `${nextNamespace}`, `${usual.id}`),
    said("next-inode", `${numbering.nextInode}`, `${usual.inode}`),
    said("next-mount", `${world.nextMount}`, `${usualMount(world)}`),
    said("free-inodes", freeInodes(numbering.free).join(","), ""),
    said("first", quoted(first), FIRST),
    tasks.has(FIRST) ? "" : "shell-ended",
  );
}

/** Those that are used again first, first. */
function freeInodes(free: FreeList): readonly number[] {
  const inodes: number[] = [];
  for (let at = free; at !== undefined; at = at.rest) inodes.push(at.inode);
  return inodes;
}
