/**
 * What is compiled ahead, and so loaded in a few files: the commands that stand in for programs that are over in milliseconds.
 * What is left out of a command here is in a file of its own, loaded when it is called; that
 * an ordinary run calls none of it is seen by test/cli/start-up.test.ts.
 */

/** What every start loads. */
export const MAIN = ["src/cli/main.ts", "src/cli/help.ts", "src/cli/commands/help.ts", "src/cli/commands/version.ts"];

/** For machines without the native half, and for questions that an option asks. */
const SELDOM = [
  "src/discover/situation.ts",
  "src/kernel/live/descriptors-fallback.ts",
  "src/kernel/live/entering.ts",
  "src/kernel/live/holder-calls.ts",
  "src/kernel/live/holders.ts",
  "src/kernel/live/scan-fallback.ts",
  "src/kernel/live/tell-attributes.ts",
  "src/kernel/live/visitors.ts",
  "src/messages/ref-rules.ts",
  "src/messages/resolve.ts",
];

/** By command: the files to begin with, and those that it names and seldom calls. */
export const QUICK = {
  run: { files: ["src/cli/commands/run.ts", "src/cli/enter/become.ts"], seldom: [] },
  enter: {
    files: ["src/cli/commands/enter.ts", "src/cli/enter/become.ts", "src/library/this-machine.ts"],
    // It asks for no process but the target.
    seldom: [
      ...SELDOM,
      "src/discover/pins.ts",
      "src/kernel/live/listing.ts",
      "src/kernel/live/mount-view.ts",
      "src/kernel/live/pinned-task.ts",
      "src/kernel/live/scan.ts",
      "src/kernel/live/sockets.ts",
    ],
  },
  list: {
    files: ["src/cli/commands/list.ts", "src/discover/discover.ts", "src/library/this-machine.ts"],
    seldom: [
      ...SELDOM,
      "src/cli/filter.ts",
      "src/cli/resolve.ts",
      "src/messages/filter.ts",
      "src/messages/what-if.ts",
      "src/render/list-column-list.ts",
      "src/render/list-json.ts",
      "src/render/trace-words.ts",
    ],
  },
};
