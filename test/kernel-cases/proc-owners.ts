/**
 * Who owns what is in /proc/PID, of a process of uid 1000 that is not dumpable: of the directories those that anybody may
 * read and search stay the process's. The model has no owners of files besides those that it asks for itself, so that this
 * is shown on the running kernel alone.
 */
export const PROC_OWNERS_TITLE =
  "what of /proc/PID belongs to root where the process is not dumpable, and what does not";
export const PROC_OWNERS: Readonly<Record<string, "process" | "root">> = {
  "": "process",
  attr: "process",
  fdinfo: "process",
  net: "process",
  task: "process",
  ns: "root",
  fd: "root",
  map_files: "root",
  uid_map: "root",
  status: "root",
};
