// Who owns a namespace, and what is its parent? The questions of the example program in ioctl_ns(2), put to the running
// kernel or to one in memory: nothing below `observe` knows which. Answers as that program does: the owner (u, or where
// nothing is said), the parent (p), both (pu), until one is refused.
//
//     ns-show.ts /proc/self/ns/user pu
//     ns-show.ts --kernel model /proc/6/ns/uts
//     ns-show.ts --kernel model --world FILE /proc/4/ns/pid p
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { observeThisMachine, type NsFile, type Observer, type Outcome } from "nsatlas";
import { drawMachine } from "nsatlas/model";

const { values, positionals } = parseArgs({
  options: { kernel: { type: "string", default: "live" }, world: { type: "string" } },
  allowPositionals: true,
});
const [path = "/proc/self/ns/user", letters = "u"] = positionals;

const questions: readonly Question[] = [
  { letter: "u", relation: "owner", ask: (file) => file.openOwner() },
  { letter: "p", relation: "parent", ask: (file) => file.openParent() },
];
process.exitCode = show(observe(values.kernel), path) ? 0 : 1;

interface Question {
  readonly letter: string;
  readonly relation: string;
  readonly ask: (file: NsFile) => Outcome<NsFile>;
}

/** The kernel to ask. The one in memory has the namespaces of a drawing, and processes 4, 6, 8 … in them. */
function observe(kernel: string): Observer {
  if (kernel === "live") return observeThisMachine();
  const world =
    values.world === undefined ? "user:init\n  user:box\nuts:box of user:box" : readFileSync(values.world, "utf8");
  return drawMachine(world).observer();
}

/** Whether all was answered. What the kernel refuses is a value like any other, with its errno. */
function show(kernel: Observer, path: string): boolean {
  const opened = kernel.open(path);
  if (!opened.ok) {
    console.error(`${path}: ${opened.errno}`);
    return false;
  }
  using file = opened.value;
  for (const { letter, relation, ask } of questions) {
    if (!letters.includes(letter)) continue;
    const answer = ask(file);
    if (!answer.ok) {
      console.log(`${relation}: ${answer.errno}`);
      return false;
    }
    using related = answer.value;
    console.log(`${relation}: ${related.id}`);
  }
  return true;
}
