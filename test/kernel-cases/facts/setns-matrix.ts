import { CAPABILITIES } from "../../../src/abi/capabilities.ts";
import { KINDS } from "../../../src/abi/namespace-kinds.ts";
import type { FactCase, Step } from "../fact-case.ts";
import { capset, dumpable, setns, setresgid, setresuid } from "../script.ts";

/** setns with the file of each kind, owned by each user namespace, by callers of every standing. */
const FLAT = KINDS.filter((kind) => kind !== "user");
const WORLD = [
  "user:init",
  "  user:U1 by 1000",
  "    user:U2 by 0",
  "  user:S",
  "pid:init",
  "  pid:init-owned",
  "  pid:U1 of user:U1",
  "  pid:U2 of user:U2",
  ...FLAT.filter((kind) => kind !== "pid").flatMap((kind) => [
    `${kind}:init-owned`,
    `${kind}:U1 of user:U1`,
    `${kind}:U2 of user:U2`,
  ]),
].join("\n");

const as = (uid: number): Step[] => [
  ["shell", setresgid(uid)],
  ["shell", setresuid(uid)],
  ["shell", dumpable],
];
const within = (name: string): Step => ["shell", (fds) => setns(fds(`user:${name}`), "user")];
const but = CAPABILITIES.filter((name) => name !== "CAP_SYS_ADMIN" && name !== "CAP_SYS_RESOURCE");

const CALLERS: Readonly<Record<string, readonly Step[]>> = {
  root: [],
  owner1000: as(1000),
  other2000: as(2000),
  sysadmin_only: [["shell", capset("CAP_SYS_ADMIN")]],
  sysadmin_chroot: [["shell", capset("CAP_SYS_ADMIN", "CAP_SYS_CHROOT")]],
  all_but_sysadmin: [["shell", capset(...but)]],
  u1root: [within("U1")],
  u1nocap: [within("U1"), ["shell", capset()]],
  u2full: [within("U2")],
  sroot: [within("S")],
};
const TARGETS: Readonly<Record<string, string>> = { current: "init", init: "init-owned", U1: "U1", U2: "U2" };

function matrix(): FactCase[] {
  const cases: FactCase[] = [];
  for (const [caller, before] of Object.entries(CALLERS)) {
    for (const [target, name] of Object.entries(TARGETS)) {
      for (const kind of KINDS) {
        // Of user namespaces there are but the initial one, U1 and U2.
        if (kind === "user" && target === "init") continue;
        const id = `setns.m.${caller}.${target}.${kind}`;
        cases.push({ id, world: WORLD, before, asks: ["shell", (fds) => setns(fds(`${kind}:${name}`), kind)] });
      }
    }
  }
  return cases;
}

export const SETNS_MATRIX_FACTS: readonly FactCase[] = matrix();
