// The network namespace of this process: whose it is, and what else that one owns. Needs no privileges.
import { attempt, discover, indexSnapshot, nameOf, openNamespace } from "nsatlas";

// What is opened is held open until the end of the block. Its type follows the name: `net.parent()` does not compile.
using net = await openNamespace("self/net");
const owner = attempt(() => net.openOwner());
if (owner.ok) {
  using user = owner.value;
  console.log(`${nameOf(net)} belongs to ${nameOf(user)}, which uid ${user.ownerUid().uid} made.`);
  console.log(`Above that: ${user.ancestors().map(nameOf).join(", ") || "nothing that you can see"}.`);
} else {
  // The call, the errno, why, and what to do next.
  console.log(owner.error.message);
}

// Everything that can be seen, as plain data, with what could not.
const { owned, snapshot } = indexSnapshot(await discover());
for (const [id, namespaces] of owned) console.log(`user ${id} owns ${namespaces.map(nameOf).join(", ")}`);
console.log(snapshot.coverage.filter(({ refused }) => Object.keys(refused).length > 0));
