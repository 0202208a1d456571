import { spawnSync } from "node:child_process";

/**
 * A command so that what it mounts is its own: root's tests mount namespace files, and what a killed run had mounted would
 * stay for whoever comes next. In a mount namespace of its own nothing has to be taken away: it ends with its last
 * process. Who may not have one mounts nothing either, or only in namespaces that the tests make.
 */
export function withOwnMounts(command) {
  const prefix = ["unshare", "--mount", "--propagation", "private"];
  const mayMount = process.getuid?.() === 0 && spawnSync(prefix[0], [...prefix.slice(1), "true"]).status === 0;
  return mayMount ? [...prefix, "--", ...command] : command;
}
