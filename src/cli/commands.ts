import type { Command } from "./command.ts";
import type { CommandName } from "./summaries.ts";

/** Where each command is. It is loaded when it is called and not before: every start pays for what is loaded. */
const LOADERS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  tree: async () => (await import("./commands/tree.ts")).tree,
  list: async () => (await import("./commands/list.ts")).list,
  show: async () => (await import("./commands/show.ts")).show,
  why: async () => (await import("./commands/why.ts")).why,
  leaks: async () => (await import("./commands/leaks.ts")).leaks,
  pid: async () => (await import("./commands/pid.ts")).pid,
  run: async () => (await import("./commands/run.ts")).run,
  enter: async () => (await import("./commands/enter.ts")).enter,
  demo: async () => (await import("./commands/demo.ts")).demo,
  caps: async () => (await import("./commands/caps.ts")).caps,
  can: async () => (await import("./commands/can.ts")).can,
  who: async () => (await import("./commands/who.ts")).who,
  reach: async () => (await import("./commands/reach.ts")).reach,
  audit: async () => (await import("./commands/audit.ts")).audit,
  ids: async () => (await import("./commands/ids.ts")).ids,
  checkpoint: async () => (await import("./commands/checkpoint.ts")).checkpoint,
  verify: async () => (await import("./commands/verify.ts")).verify,
  topology: async () => (await import("./commands/topology.ts")).topology,
  "what-if": async () => (await import("./commands/what-if.ts")).whatIf,
  snapshot: async () => (await import("./commands/snapshot.ts")).snapshot,
  diff: async () => (await import("./commands/diff.ts")).diff,
  restore: async () => (await import("./commands/restore.ts")).restore,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
  schema: async () => (await import("./commands/schema.ts")).schema,
  completion: async () => (await import("./commands/completion.ts")).completionOf(loadCommand),
  help: async () => (await import("./commands/help.ts")).helpOf(loadCommand),
  version: async () => (await import("./commands/version.ts")).version,
  start: async () => (await import("./commands/start.ts")).start,
};

export const loadCommand = (name: CommandName): Promise<Command> => LOADERS[name]();
