// A user namespace, and a network namespace that it owns: needs no privileges where user namespaces are allowed.
import { createNamespaces, execIn, socketIn } from "nsatlas";

using made = await createNamespaces({ kinds: ["user", "net"] });
const inside = [made.user, made.net];
await execIn(inside, "ip", ["link", "set", "lo", "up"]);

// A server that lives there; this program, and every thread of it, stays here.
const server = await socketIn(inside, { type: "tcp4", listen: { host: "127.0.0.1", port: 80 } });
server.on("connection", (socket) => socket.end("hello from inside\n"));
const client = await socketIn(inside, { type: "tcp4", connect: { host: "127.0.0.1", port: 80 } });
for await (const text of client) process.stdout.write(text);
server.close();
