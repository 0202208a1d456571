import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { asOrdinaryUser } from "../../support/ordinary-user.ts";
import { ordinaryUser, type Viewer } from "../../support/viewers.ts";

/** A process of the test's own that stays in namespaces until it is disposed of. */
export interface Resident extends AsyncDisposable {
  readonly pid: number;
  /** unshare(1), where it waits for the resident: of a new pid namespace it is the maker, and not in it. */
  readonly maker: number;
}

/** Starts a process as a viewer: in new namespaces, by the options of unshare(1), or with none in those of the tests. */
export async function openResident(viewer: Viewer, ...unshareOptions: readonly string[]): Promise<Resident> {
  // cat says that it runs by repeating what it reads, and ends with its input.
  const [program = "", ...words] = unshareOptions.length === 0 ? ["cat"] : ["unshare", ...unshareOptions, "cat"];
  const credentials = viewer === ordinaryUser ? asOrdinaryUser() : {};
  const child = spawn(program, words, { ...credentials, cwd: "/", stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  child.stdin.write("\n");
  await Promise.race([
    once(child.stdout, "data"),
    ended.then(([code]) => Promise.reject(new Error(`${program} ended with ${code}`))),
  ]);
  const maker = child.pid ?? 0;
  const [resident = maker] = readFileSync(`/proc/${maker}/task/${maker}/children`, "utf8").split(" ").filter(Boolean);
  return {
    pid: Number(resident),
    maker,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
