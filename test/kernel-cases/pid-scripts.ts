import { clone, exit, refused, SHELL, unshare, type Line, type Script } from "./script.ts";
import { wait } from "./facts/standings.ts";

/** Numbers: which one comes next, and what a clone that fails has used up. All in a pid namespace of the script's own. */
const FIRST = "first";
const IN_OWN: readonly Line[] = [[SHELL, clone(FIRST, "pid"), "done"]];

export const PID_SCRIPTS: readonly Script[] = [
  {
    title: "a clone into a pid namespace whose first process has ended uses up a number in those above",
    uid: 0,
    lines: [
      ...IN_OWN,
      [FIRST, clone("maker"), 2],
      ["maker", unshare("pid"), 0],
      ["maker", clone("one"), 3],
      ["one", exit, 0],
      ["maker", wait("one"), 3],
      ["maker", clone("two"), refused("ENOMEM", "pid-namespace-dead")],
      [FIRST, clone("next"), 5],
      ["maker", clone("two"), refused("ENOMEM", "pid-namespace-dead")],
      ["maker", clone("two"), refused("ENOMEM", "pid-namespace-dead")],
      [FIRST, clone("last"), 8],
    ],
  },
];
