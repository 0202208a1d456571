import { expect, test } from "vitest";
import { namespaceId } from "../../src/abi/ids.ts";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import type { Caller } from "../../src/doctor/diagnosis.ts";
import { missingOf } from "../../src/doctor/missing.ts";
import type { ErrnoName } from "../../src/abi/errnos.ts";
import type { Source } from "../../src/snapshot/types.ts";
import { snapshot } from "../support/small-snapshot.ts";

const base = snapshot();
const FIRST = BigInt(NAMESPACE_KINDS.user.initialInode ?? 0);

/** What would show what a source was refused, to who has these capabilities in the first user namespace, or in another. */
function told(source: Source, errno: ErrnoName, capabilities: readonly string[], initial = true): readonly string[] {
  const user = { link: "user", id: namespaceId(4n, initial ? FIRST : FIRST + 9n), initial } as const;
  const caller: Caller = {
    ...{ pid: 1, uid: 0, gid: 0, noNewPrivs: false, seccomp: "off" },
    capabilities,
    namespaces: [user],
  };
  const coverage = base.coverage.map((row) => (row.source === source ? { ...row, refused: { [errno]: 1 } } : row));
  const proc = { path: "/proc", found: true, hidepid: undefined, ownPids: true };
  const missing = missingOf({ caller, proc, interfaces: [], snapshot: { ...base, coverage }, leftOut: "left-out" });
  return missing.filter(({ kind }) => kind === "refused").flatMap(({ reveals }) => reveals);
}

test.each([
  ["an ordinary user", [], true, ["CAP_SYS_PTRACE"]],
  ["who may enter folders and no more", ["CAP_DAC_READ_SEARCH"], true, ["CAP_SYS_PTRACE"]],
  // Whatever else he lacks.
  ["who may trace", ["CAP_SYS_PTRACE"], true, ["security-module"]],
  // What he was refused is outside.
  ["root of a container's user namespace", ["CAP_SYS_PTRACE", "CAP_NET_ADMIN"], false, ["CAP_SYS_PTRACE"]],
] as const)("descriptors that are refused to %s", (_, capabilities, initial, reveals) => {
  expect(told("descriptors", "EACCES", capabilities, initial)).toEqual(reveals);
});

test.each([
  ["an ordinary user", [], true, ["CAP_NET_ADMIN", "CAP_SYS_PTRACE"]],
  ["who may trace", ["CAP_SYS_PTRACE"], true, ["CAP_NET_ADMIN", "security-module"]],
  ["who may trace and ask networks", ["CAP_SYS_PTRACE", "CAP_NET_ADMIN"], true, ["security-module"]],
  [
    "root of a container's user namespace",
    ["CAP_SYS_PTRACE", "CAP_NET_ADMIN"],
    false,
    ["CAP_NET_ADMIN", "CAP_SYS_PTRACE"],
  ],
] as const)("sockets that are refused to %s", (_, capabilities, initial, reveals) => {
  expect(told("sockets", "EPERM", capabilities, initial)).toEqual(reveals);
});
