/** Every command, in the order of the overview, and what it does: one line, without a full stop. */
export const SUMMARIES = {
  tree: "draw the namespaces of this machine and who owns them",
  list: "print the namespaces as a table, as lsns does",
  show: "say everything about one namespace",
  why: "say what keeps a namespace alive, and what would let it go",
  leaks: "find namespaces without a process, and what holds them",
  pid: "say which number a process has in which pid namespace",
  caps: "say which capabilities a process has over a namespace, and why",
  can: "say whether a process may do something, with the proof",
  who: "list every process that has a capability over a namespace",
  reach: "say what a process can get to, step by step, and how",
  audit: "find walls between containers and machine that are missing",
  ids: "show uid and gid maps as ranges, translate ids, find shared ones",
  enter: "run a program in existing namespaces, as nsenter does",
  run: "run a program in new namespaces, as unshare does",
  demo: "play the manual page's sessions on the kernel and on the model",
  checkpoint: "write namespaces, and who stands in them, to an image",
  verify: "compare an image with what is there",
  topology: "draw an image, or a topology written by hand",
  "what-if": "carry out calls in the model of the kernel, and say why",
  snapshot: "write what is seen to a file",
  diff: "compare two snapshots, or one with this machine",
  restore: "build namespaces and processes again from an image",
  doctor: "say what can be seen from here, and what would show more",
  schema: "print the JSON Schemas of what nsatlas writes",
  completion: "print a script with which your shell completes words",
  help: "say what nsatlas, or one command, takes",
  version: "print the version of nsatlas",
  start: "take a first look",
} as const;
export type CommandName = keyof typeof SUMMARIES;

/** What runs where no command is named. */
export const USUAL_COMMAND: CommandName = "tree";
/** Not in the overview: what `npm start` runs. */
const HIDDEN: ReadonlySet<string> = new Set<CommandName>(["start"]);

/** Name and summary of each command that the overview shows. */
export const VISIBLE_COMMANDS: readonly (readonly [name: string, summary: string])[] = Object.entries(SUMMARIES).filter(
  ([name]) => !HIDDEN.has(name),
);
export const isCommand = (word: string): word is CommandName => Object.hasOwn(SUMMARIES, word);
