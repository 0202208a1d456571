/**
 * What is compiled ahead, and so loaded in a few files: the commands that stand in for programs that are over in milliseconds.
 * What is left out of a command here is in a file of its own, loaded when it is called; that
 * an ordinary run calls none of it is seen by test/cli/start-up.test.ts.
 */

/** What every start loads. */
export const MAIN = ["src/cli/main.ts"];

/** For machines without the native half, for failures, and for questions that an option asks. */
export const SELDOM = [
  "src/cli/nearest.ts",
  "src/cli/unknown-command.ts",
  "src/library/no-native-text.ts",
  "src/messages/commands.ts",
  "src/messages/library.ts",
  "src/messages/no-native.ts",
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
  help: { files: ["src/cli/help.ts", "src/cli/commands/help.ts", "src/cli/commands/version.ts"], seldom: [] },
  run: {
    files: ["src/cli/commands/run.ts", "src/cli/enter/become.ts"],
    seldom: [
      "src/cli/file-failure.ts",
      "src/enter/id-ranges.ts",
      "src/enter/lineage.ts",
      "src/enter/steps.ts",
      "src/inside/facts.ts",
      "src/kernel/live/read-process.ts",
      "src/messages/enter.ts",
      "src/messages/hints.ts",
      "src/messages/leaks.ts",
      "src/procfs/stat.ts",
      "src/procfs/status.ts",
      "src/refs/ref.ts",
    ],
  },
  enter: {
    files: ["src/cli/commands/enter.ts", "src/cli/enter/become.ts", "src/library/this-machine.ts"],
    // It asks for no process but the target, by its number.
    seldom: [
      "src/abi/statmount.ts",
      "src/cli/enter/folders.ts",
      "src/cli/file-failure.ts",
      "src/enter/way-out.ts",
      "src/kernel/live/statmount.ts",
      "src/library/name-error.ts",
      "src/library/refused-open.ts",
      "src/messages/enter.ts",
      "src/messages/hints.ts",
      "src/messages/leaks.ts",
      "src/messages/reasons.ts",
      "src/procfs/cgroup.ts",
      "src/procfs/stat.ts",
      "src/rules/explain.ts",
      "src/rules/may-read.ts",
      "src/rules/may-set-groups.ts",
      "src/snapshot/find-namespace.ts",
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
      "src/cli/filter.ts",
      "src/cli/resolve.ts",
      "src/discover/peers.ts",
      "src/discover/resolve-ref.ts",
      "src/discover/traces.ts",
      "src/messages/filter.ts",
      "src/messages/not-seen.ts",
      "src/messages/reasons.ts",
      "src/messages/what-if.ts",
      "src/refs/ref.ts",
      "src/render/list-column-list.ts",
      "src/render/list-json.ts",
      "src/render/trace-words.ts",
    ],
  },
};
