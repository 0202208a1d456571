import { taskName } from "../../../src/kernel/call.ts";
import type { IoctlRequest } from "../../../src/kernel/file-call.ts";
import type { FactCase, Step } from "../fact-case.ts";
import { clone, exit, ioctl, open, setns } from "../script.ts";
import { cloneWith, ordinary, THREAD, told, wait, within } from "./standings.ts";

/** The parents of pid namespaces, and the numbers that tasks have in them. */
const TREE = `
  pid:init
    pid:P1
      pid:P2
    pid:S
`;
const TARGETS: Readonly<Record<string, string>> = { init_pid: "pid:init", P1: "pid:P1", P2: "pid:P2", S: "pid:S" };
const inWords = (name: string | undefined): string => (name === "pid:init" ? "init pid" : (name ?? "").slice(4));

const PARENTS = (["PARENT", "USERNS"] as const).flatMap((request) =>
  ["init", "P1", "P2", "S"].flatMap((caller) =>
    Object.entries(TARGETS).map(([target, name]): FactCase => ({
      id: `ioctl.pidtree.${request}.caller=${caller}.target=${target}`,
      world: TREE,
      before: [within(`pid:${caller}`), ["shell", clone("inside")]],
      asks: ["inside", (fds) => ioctl(fds(name), `NS_GET_${request}`)],
      ...(request === "PARENT" ? { shows: (fd, scene) => `fd -> ${inWords(scene.nameBehind(Number(fd)))}` } : {}),
    })),
  ),
);

/** What the steps below gave: the numbers of P1's and P2's first processes as the shell and P1 see them, and files. */
const NESTED: readonly Step[] = [
  ["shell", clone("s", "pid")],
  ["shell", open("s", "pid")],
  ["shell", clone("p1", "pid")],
  ["p1", clone("p2", "pid")],
  ["p1", cloneWith("thread", THREAD)],
  ["shell", open("p1", "pid")],
  ["shell", open("p2", "pid")],
];
const GAVE = { s: 1, p1Number: 2, threadInP1: 4, p1: 5, p2: 6 } as const;
const NO_NUMBER = 4_000_000;
type Translation = Extract<IoctlRequest, `${string}_PIDNS`>;

const of = (name: string, seenBy = "shell") => ({ numberOf: taskName(name), seenBy: taskName(seenBy) });
const short = (request: Translation): string =>
  request.replace("NS_GET_", "").replace("_FROM_PIDNS", "_FROM").replace("_IN_PIDNS", "_IN");

const fromShell = (
  request: Translation,
  id: string,
  [where, argument]: readonly [where: "s" | "p1" | "p2", argument: Parameters<typeof ioctl>[2]],
  shows?: FactCase["shows"],
): FactCase => ({
  id: `ioctl.${short(request)}.${id}`,
  before: NESTED,
  asks: ["shell", (_, gave) => ioctl(Number(gave[GAVE[where]]), request, argument)],
  ...(shows === undefined ? {} : { shows }),
});
const [IN, FROM] = ["NS_GET_PID_IN_PIDNS", "NS_GET_PID_FROM_PIDNS"] as const;

/** P1's first process, with files of the initial pid namespace and of a sibling. */
const fromP1 = (request: Translation, id: string, asks: Step[1], shows?: FactCase["shows"]): FactCase => ({
  id: `ioctl.${short(request)}.${id}`,
  before: NESTED,
  asks: ["p1", asks],
  ...(shows === undefined ? {} : { shows }),
});

const NUMBERS: FactCase[] = [
  fromShell(IN, "init", ["p1", of("p1")], told),
  fromShell(IN, "grandchild", ["p2", of("p2")], told),
  fromShell(IN, "mid", ["p1", of("p2")], told),
  fromShell(IN, "notvisible", ["p1", of("shell")]),
  fromShell(IN, "sibling", ["p1", of("s")]),
  fromShell(IN, "nopid", ["p1", NO_NUMBER]),
  fromShell(IN, "zero", ["p1", 0]),
  fromShell(IN, "neg", ["p1", -1]),
  fromShell(FROM, "child", ["p1", 2], (number, { call, gave }) => {
    const back = call("shell", ioctl(Number(gave[GAVE.p1]), IN, Number(number)));
    return back === 2 ? "positive init pid" : told(back);
  }),
  fromShell(FROM, "one", ["p1", 1], (number, { gave }) =>
    number === gave[GAVE.p1Number] ? "init-view pid" : told(number),
  ),
  {
    ...fromShell(FROM, "nobody", ["p1", 1]),
    before: [...NESTED, ...ordinary(65534)],
  },
  fromP1(FROM, "ancestor.invisible", (fds) => ioctl(fds("pid:init"), FROM, of("s"))),
  fromP1(FROM, "ancestor.self", (fds) => ioctl(fds("pid:init"), FROM, of("p1")), told),
  fromP1(
    IN,
    "ancestor",
    (fds) => ioctl(fds("pid:init"), IN, 1),
    (number, { gave }) => (number === gave[GAVE.p1Number] ? "init-view pid of caller" : told(number)),
  ),
  fromP1(IN, "fromP1.sibling", (_, gave) => ioctl(Number(gave[GAVE.s]), IN, 1)),
  fromP1(FROM, "fromP1.sibling", (_, gave) => ioctl(Number(gave[GAVE.s]), FROM, 1)),
  {
    ...fromShell("NS_GET_TGID_IN_PIDNS", "thread", ["p1", of("thread")]),
    shows: (tgid, { call, gave }) => {
      const pid = call("shell", ioctl(Number(gave[GAVE.p1]), IN, of("thread")));
      return `pid variant >1: ${Number(pid) > 1}, tgid variant = ${told(tgid)}`;
    },
  },
  {
    id: "ioctl.TGID_FROM.thread",
    before: NESTED,
    asks: ["shell", (_, gave) => ioctl(Number(gave[GAVE.p1]), "NS_GET_TGID_FROM_PIDNS", Number(gave[GAVE.threadInP1]))],
    shows: (tgid, { gave }) => (tgid === gave[GAVE.p1Number] ? "init-view tgid" : told(tgid)),
  },
];

const ended: Step[] = [
  ["shell", clone("z")],
  ["z", exit],
];
const OWN: FactCase[] = [
  {
    id: "ioctl.PID_IN.self",
    asks: ["shell", (fds) => ioctl(fds("pid:init"), IN, of("shell"))],
    shows: (number, { call }) => (number === call("shell", { op: "getpid" }) ? "same pid" : told(number)),
  },
  {
    id: "ioctl.PID_IN.zombie",
    before: ended,
    asks: ["shell", (fds, gave) => ioctl(fds("pid:init"), IN, Number(gave[0]))],
  },
  {
    id: "ioctl.PID_IN.reaped",
    before: [...ended, ["shell", wait("z")]],
    asks: ["shell", (fds, gave) => ioctl(fds("pid:init"), IN, Number(gave[0]))],
  },
  {
    id: "ioctl.pidtree.active_not_children",
    world: TREE,
    before: [["shell", (fds) => setns(fds("pid:P1"), "pid")]],
    asks: ["shell", (fds) => ioctl(fds("pid:P1"), "NS_GET_PARENT")],
  },
  ...(["owner", "parent"] as const).map((what): FactCase => ({
    id: `ioctl.pid.${what}.fromself`,
    before: [
      ["shell", clone("box", "user", "pid")],
      ["box", open("box", "pid")],
    ],
    asks: ["box", (_, gave) => ioctl(Number(gave[1]), what === "owner" ? "NS_GET_USERNS" : "NS_GET_PARENT")],
  })),
];

export const IOCTL_PID_FACTS: readonly FactCase[] = [...PARENTS, ...NUMBERS, ...OWN];
