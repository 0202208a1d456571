// A machine in memory: what would its kernel say? Runs anywhere, in a browser too.
import { attempt, openNamespace } from "nsatlas";
import { drawMachine } from "nsatlas/model";

const machine = drawMachine(`
  user:init
    user:alice by 1000
      user:box
  pid:init
    pid:box of user:alice
`);

// As a process in user:alice sees it: the same calls as on the running kernel, and the same refusals.
const observer = machine.observer(machine.processIn("user:alice"));
using own = await openNamespace("self/user", { observer });
const parent = attempt(() => own.parent());
console.log(parent.ok ? parent.value : parent.error.message);
