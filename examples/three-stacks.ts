// One program serves HTTP in three network namespaces at once, with a veth pair between each two. Needs root, and ip(8).
import { once } from "node:events";
import http from "node:http";
import { createNamespaces, execIn, socketIn, spawnIn } from "nsatlas";

const made = await Promise.all(["red", "green", "blue"].map(() => createNamespaces({ kinds: ["net"] })));
const stacks = ["red", "green", "blue"].flatMap((name, nth) => {
  const net = made[nth]?.net;
  return net === undefined ? [] : [{ name, net }];
});

// ip(8) names the namespace of a pair's other end by a process in it.
for (const [nth, { net }] of stacks.entries()) {
  const other = stacks[(nth + 1) % stacks.length];
  if (other === undefined) continue;
  const witness = spawnIn(other.net, "sleep", ["60"], { stdio: "ignore" });
  await once(witness, "spawn");
  await execIn(net, "ip", `link add to type veth peer name from netns ${witness.pid}`.split(" "));
  witness.kill();
  await execIn(net, "sh", ["-c", `ip address add 10.0.${nth}.1/24 dev to && ip link set to up`]);
  await execIn(other.net, "sh", ["-c", `ip address add 10.0.${nth}.2/24 dev from && ip link set from up`]);
}

// The program itself stays where it is; each server lives in its own stack.
const servers = await Promise.all(
  stacks.map(({ name, net }) =>
    socketIn(net, {
      type: "tcp4",
      listen: { port: 80 },
      server: http.createServer((_, answer) => answer.end(`hello from ${name}`)),
    }),
  ),
);

// A client in each stack asks the next one over the wire between the two.
for (const [nth, { name, net }] of stacks.entries()) {
  const ask = `fetch("http://10.0.${nth}.2").then((answer) => answer.text()).then(console.log)`;
  const { stdout } = await execIn(net, process.execPath, ["-e", ask]);
  console.log(`${name} asks: ${stdout.trim()}`);
}
// `three-stacks stay`: it goes on serving, for clients of other programs, until its input ends.
if (process.argv[2] === "stay") {
  for (const { name, net } of stacks) console.log(`${name} is ${net.toString()}`);
  console.log(`nsenter --net=/proc/${process.pid}/fd/N curl http://10.0.0.2`);
  await once(process.stdin.resume(), "end");
}
for (const server of servers) server.close();
for (const one of made) one[Symbol.dispose]();
