import type { Call, Value } from "../../../src/kernel/call.ts";
import { flagOf, told, wait } from "../facts/standings.ts";
import type { Scene, Step } from "../fact-case.ts";
import { clone, close, exit, ioctl, open, openOther, send } from "../script.ts";
import type { NewerCase } from "./newer-case.ts";

/** What keeps a namespace in sight: whether it is listed, and opens by its id alone. */
const KIND = "net";

/** "T" is in a new network namespace of a new user namespace, whose ids are the first two things given after its clone. */
const made: Step[] = [
  ["shell", clone("T", "user", KIND)],
  ["shell", open("T", KIND)],
  ["shell", (_, gave) => ioctl(Number(gave[1]), "NS_GET_ID")],
  ["shell", open("T", "user")],
  ["shell", (_, gave) => ioctl(Number(gave[3]), "NS_GET_ID")],
];
const closed = (at: number): Step => ["shell", (_, gave) => close(Number(gave[at]))];
const bothClosed: Step[] = [closed(1), closed(3)];
const ended: Step[] = [
  ["T", exit],
  ["shell", wait("T")],
];

/** What is seen of both: whether it is listed, and whether it opens by its id alone. */
function seen(scene: Scene): string {
  const one = (name: string, id: Value | undefined): string => {
    const listed = scene.call("shell", { op: "listns", types: flagOf("net", "user") });
    const isListed = typeof listed === "object" && "listed" in listed && listed.listed.some((other) => other === id);
    const fd = scene.call("shell", byId(BigInt(told(id))));
    if (typeof fd === "number") scene.call("shell", close(fd));
    return `${name} ${isListed ? "listed" : "hidden"} ${typeof fd === "number" ? "opens" : told(fd)}`;
  };
  return `${one(KIND, scene.gave[2])}, ${one("user", scene.gave[4])}`;
}
const byId = (id: bigint): Call => ({
  op: "open_by_handle_at",
  mount: "FD_NSFS_ROOT",
  handle: { bytes: 16, type: 0xf1, id, nsType: 0, inode: 0 },
});

const kept = (id: string, answer: string, ...before: readonly Step[]): NewerCase => ({
  id: `sleep.${id}`,
  before: [...made, ...before],
  // Any call: what is seen is asked afterwards.
  asks: ["shell", { op: "getpid" }],
  shows: (_, scene) => seen(scene),
  gives: [["6.19", answer]],
});
const BOTH = "net listed opens, user listed opens";
const NEITHER = "net hidden ESTALE, user hidden ESTALE";
const socketSent: Step[] = [
  ["T", openOther("socket")],
  ["T", (_, gave) => send(Number(gave[5]), "shell")],
];

export const SLEEPING: readonly NewerCase[] = [
  kept("process", BOTH, ...bothClosed),
  kept("file", BOTH, ...ended),
  kept("file.net", BOTH, closed(3), ...ended),
  kept("file.user", "net hidden ESTALE, user listed opens", closed(1), ...ended),
  kept("zombie", "net hidden ESTALE, user listed opens", ...bothClosed, ["T", exit]),
  kept("nothing", NEITHER, ...bothClosed, ...ended),
  kept("socket", NEITHER, ...socketSent, ...bothClosed, ...ended),
  kept("socket.asked", BOTH, ...socketSent, ...bothClosed, ...ended, [
    "shell",
    (_, gave) => ioctl(Number(gave[6]), "SIOCGSKNS"),
  ]),
  kept(
    "socket.asked.closed",
    NEITHER,
    ...socketSent,
    ...bothClosed,
    ...ended,
    ["shell", (_, gave) => ioctl(Number(gave[6]), "SIOCGSKNS")],
    ["shell", (_, gave) => close(Number(gave.at(-1)))],
  ),
  kept("socket.file.user", "net hidden ESTALE, user listed opens", ...socketSent, closed(1), ...ended),
];
