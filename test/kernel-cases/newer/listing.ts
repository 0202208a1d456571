import type { Call, Value } from "../../../src/kernel/call.ts";
import { LIST_FAULTS, OWNED_BY_OWN, type ListFault, type ListRequest } from "../../../src/rules/list-namespaces.ts";
import { allBut } from "../facts/map-steps.ts";
import { flagOf, ordinary, told, within } from "../facts/standings.ts";
import type { Scene, Step } from "../fact-case.ts";
import { capset, clone, ioctl } from "../script.ts";
import type { NewerCase } from "./newer-case.ts";

/** listns(2): what is listed, in which order, in parts, and for whom. */
const WORLD = `
  user:init
    user:U by 1000
      user:V
  pid:init
    pid:box
  net:first
  net:inU of user:U
  net:kept empty
  uts:inV of user:V
  net:last`;

const list = (request: ListRequest): Call => ({ op: "listns", ...request });
const listedIn = (value: Value): readonly bigint[] =>
  typeof value === "object" && "listed" in value ? value.listed : [];
/** Mount namespaces are left out: the first task has one of its own here and the initial one there. */
export const names = (value: Value, scene: Scene): string =>
  scene
    .namesOf(listedIn(value))
    .filter((name) => !name.startsWith("mnt:"))
    .join(" ");

const idOf = (name: string): Step => ["shell", (fds) => ioctl(fds(name), "NS_GET_ID")];
const lastId = (gave: readonly Value[]): bigint => BigInt(told(gave.at(-1)));
const listed = (id: string, asks: Step, gives: NewerCase["gives"], ...before: readonly Step[]): NewerCase => ({
  id: `listns.${id}`,
  world: WORLD,
  before,
  asks,
  shows: names,
  gives,
});
const by = (task: string, request: ListRequest): Step => [task, list(request)];
const always = (answer: string): NewerCase["gives"] => [["6.19", answer]];

const INITIAL = "ipc:init uts:init user:init pid:init cgroup:init time:init net:init";
const DRAWN = "user:U user:V pid:box net:first net:inU net:kept uts:inV net:last";
const EVERYTHING = `${INITIAL} ${DRAWN}`;
const NETS = "net:init net:first net:inU net:kept net:last";
const BEYOND = 1n << 62n;

const WHAT: NewerCase[] = [
  listed("all", by("shell", { types: 0 }), always(EVERYTHING)),
  listed("kind", by("shell", { types: flagOf("net") }), always(NETS)),
  listed("kinds", by("shell", { types: flagOf("user", "uts") }), always("uts:init user:init user:U user:V uts:inV")),
  listed(
    "every-kind",
    by("shell", { types: flagOf("user", "pid", "net", "uts", "ipc", "cgroup", "time", "mnt") }),
    always(EVERYTHING),
  ),
  listed("not-a-kind", by("shell", { types: 1 }), always("error EOPNOTSUPP")),
  listed("a-kind-and-no-kind", by("shell", { types: flagOf("net") | 1 }), always("error EOPNOTSUPP")),
];

const PARTS: NewerCase[] = [
  listed(
    "after",
    ["shell", (_, gave) => list({ types: flagOf("net"), after: lastId(gave) })],
    always("net:kept net:last"),
    idOf("net:inU"),
  ),
  // The id need not be one of those asked for.
  listed(
    "after.other-kind",
    ["shell", (_, gave) => list({ types: flagOf("net"), after: lastId(gave) })],
    always(NETS.replace("net:init ", "")),
    idOf("user:V"),
  ),
  listed(
    "after.unknown",
    ["shell", (_, gave) => list({ types: 0, after: lastId(gave) - 1n, atMost: 1 })],
    always("net:kept"),
    idOf("net:kept"),
  ),
  listed("after.everything", by("shell", { types: 0, after: BEYOND }), always("error ENOENT")),
  listed("after.everything.kind", by("shell", { types: flagOf("uts"), after: BEYOND }), always("error ENOENT")),
  listed("after.everything.kinds", by("shell", { types: flagOf("uts", "net"), after: BEYOND }), always("error ENOENT")),
  listed("part", by("shell", { types: 0, atMost: 3 }), always("ipc:init uts:init user:init")),
  listed("part.none", by("shell", { types: 0, atMost: 0 }), always("")),
];

const owned = (
  id: string,
  request: Omit<ListRequest, "owner">,
  gives: NewerCase["gives"],
  of: string,
  ...before: readonly Step[]
): NewerCase =>
  listed(`owner.${id}`, ["shell", (_, gave) => list({ ...request, owner: lastId(gave) })], gives, ...before, idOf(of));
const OWNED: NewerCase[] = [
  owned("all", { types: 0 }, always("user:V net:inU"), "user:U"),
  owned("kind", { types: flagOf("net") }, always("net:inU"), "user:U"),
  owned("kind.none", { types: flagOf("ipc") }, always(""), "user:U"),
  owned("part", { types: 0, atMost: 1 }, always("user:V"), "user:U"),
  owned("after.everything", { types: 0, after: BEYOND }, always("error ENOENT"), "user:U"),
  owned("not-a-user-namespace", { types: 0 }, always("error EINVAL"), "net:first"),
  listed("owner.unknown", by("shell", { types: 0, owner: BEYOND }), always("error EINVAL")),
  listed(
    "owner.own",
    by("shell", { types: flagOf("uts", "ipc", "time"), owner: OWNED_BY_OWN }),
    always("ipc:init uts:init time:init"),
  ),
  owned("nobody", { types: 0 }, always(""), "user:U", ...ordinary(65534)),
  owned(
    "creator",
    { types: 0 },
    [
      ["6.19", "user:V net:inU"],
      ["6.19.14", ""],
    ],
    "user:U",
    ...ordinary(1000),
  ),
  listed(
    "owner.own.inside",
    by("shell", { types: 0, owner: OWNED_BY_OWN }),
    [
      ["6.19", "user:V net:inU"],
      ["6.19.14", ""],
    ],
    within("user:U"),
  ),
];

const OWN = INITIAL;
const WHOM: NewerCase[] = [
  listed("by.nobody", by("shell", { types: 0 }), always(OWN), ...ordinary(65534)),
  listed("by.sysadmin", by("shell", { types: 0 }), always(EVERYTHING), ["shell", capset("CAP_SYS_ADMIN")]),
  listed("by.all-but-sysadmin", by("shell", { types: 0 }), always(OWN), ["shell", allBut("CAP_SYS_ADMIN")]),
  listed(
    "by.creator",
    by("shell", { types: 0 }),
    [
      ["6.19", `${INITIAL} user:U user:V net:inU uts:inV`],
      ["6.19.14", OWN],
    ],
    ...ordinary(1000),
  ),
  listed(
    "by.inside",
    by("shell", { types: 0 }),
    [
      ["6.19", `${INITIAL.replace("user:init ", "")} user:U user:V net:inU uts:inV`],
      ["6.19.14", `${INITIAL.replace("user:init ", "")} user:U`],
    ],
    within("user:U"),
  ),
  listed(
    "by.child-pid-namespace",
    by("inside", { types: 0 }),
    [
      ["6.19", EVERYTHING],
      ["6.19.14", `${INITIAL.replace("pid:init ", "")} pid:box`],
    ],
    within("pid:box"),
    ["shell", clone("inside")],
  ),
];

const GIVES: Partial<Record<ListFault, string>> = {
  "unknown-flags": "error EINVAL",
  "room-for-over-a-million": "error EOVERFLOW",
  "bad-request-address": "error EFAULT",
  "struct-over-a-page": "error E2BIG",
  "short-struct": "error EINVAL",
  "longer-struct-not-zero": "error E2BIG",
  spare: "error EINVAL",
  "bad-room-address": "error EFAULT",
};
const FAULTY: NewerCase[] = LIST_FAULTS.flatMap((fault) => [
  listed(`fault.${fault}`, by("shell", { types: 0, fault }), always(GIVES[fault] ?? EVERYTHING)),
  // All but the last three are noticed before the kinds are looked at.
  listed(
    `fault.${fault}.not-a-kind`,
    by("shell", { types: 1, fault }),
    always(fault === "bad-room-address" ? "error EOPNOTSUPP" : (GIVES[fault] ?? "error EOPNOTSUPP")),
  ),
]);

export const LISTING: readonly NewerCase[] = [...WHAT, ...PARTS, ...OWNED, ...WHOM, ...FAULTY];
