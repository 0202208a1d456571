import { expect, test } from "vitest";
import { NAMESPACE_KINDS } from "../../src/abi/namespace-kinds.ts";
import { audit } from "../../src/caps/audit/audit.ts";
import { auditSarif } from "../../src/caps/audit/sarif.ts";
import { AUDIT_RULES } from "../../src/messages/audit.ts";
import { auditText } from "../../src/caps/audit/text.ts";
import { indexSnapshot } from "../../src/snapshot/index-snapshot.ts";
import type { NamespaceRecord, ProcessRecord, StatusRecord } from "../../src/snapshot/types.ts";
import { sarifIssues } from "../support/sarif.ts";
import { idOf, namespace, process, snapshot } from "../support/small-snapshot.ts";

const USER = NAMESPACE_KINDS.user.initialInode;
const NET = NAMESPACE_KINDS.net.initialInode;
const A = "a".repeat(64);
const B = "b".repeat(64);
const ids = (uid: number) => ({ real: uid, effective: uid, saved: uid, fs: uid });
const status = (effective: string, uid = 0): StatusRecord => ({
  uid: ids(uid),
  gid: ids(uid),
  groups: [],
  threads: 1,
  capabilities: { effective, permitted: effective, inheritable: "0" },
});
const here = { user: idOf(USER), net: idOf(NET), pid: idOf(20), ipc: idOf(30) };
const shell = process(10, { namespaces: here, cgroup: "/user.slice", status: status("1ffffffffff") });
const inDocker = (pid: number, id: string, more: Partial<ProcessRecord>) =>
  process(pid, { cgroup: `/system.slice/docker-${id}.scope`, ...more });

function look(processes: ProcessRecord[], namespaces: NamespaceRecord[] = []) {
  const { viewpoint } = snapshot();
  const first = [namespace("user", USER), namespace("net", NET, { owner: USER })];
  const others = [40, 20].map((nth) => namespace(nth === 40 ? "net" : "pid", nth, { owner: USER }));
  const whole = snapshot({
    viewpoint: { ...viewpoint, namespaces: here },
    namespaces: [...first, ...others, namespace("ipc", 30, { owner: USER }), ...namespaces],
    processes: [shell, ...processes],
  });
  return audit(indexSnapshot(whole));
}
const rulesOf = (answer: ReturnType<typeof audit>) =>
  answer.findings.map(({ rule, severity }) => `${severity} ${rule}`);
const apart = { ...here, net: idOf(40) };
const user = (nth: number, by: number, outside: number, more: object = {}): NamespaceRecord => ({
  ...namespace("user", nth, { parent: USER }),
  creatorUid: { value: by },
  maps: {
    value: {
      uid: [{ inside: 0, outside, count: 100 }],
      gid: [{ inside: 0, outside, count: 100 }],
      setgroups: "allow",
      readFrom: 1,
      inViewOf: idOf(USER),
      ...more,
    },
  },
});

test("nothing of a machine without containers", () => {
  const service = process(11, { namespaces: here, cgroup: "/system.slice/ssh.service", status: status("1ffffffffff") });
  // A namespace that a process is in is no finding; neither is root.
  expect(rulesOf(look([service, process(12, { namespaces: apart, status: status("0") })]))).toEqual([]);
});

test("a container in the machine's own network, and with its capabilities", () => {
  const answer = look([
    inDocker(12, A, { namespaces: apart, status: status("0") }),
    inDocker(13, B, { namespaces: here, status: status("200000") }),
    inDocker(14, B, { namespaces: here, status: status("400") }),
  ]);
  expect(rulesOf(answer)).toEqual(["error capable", "warning host-namespace", "note capable"]);
  expect(answer.findings.map(({ pids }) => pids)).toEqual([[13], [13, 14], [14]]);
  const options = { width: 80, color: false, charset: "utf-8", language: "en" } as const;
  expect(auditText(answer, options)).toMatch(/error: .*CAP_SYS_ADMIN/s);
  expect(auditText(answer, { ...options, language: "fr" })).toMatch(/erreur : /);
});

test("ids that two containers share, and the user who owns one", () => {
  const container = (pid: number, id: string, nth: number) =>
    inDocker(pid, id, { namespaces: { ...apart, user: idOf(nth) }, status: status("1ffffffffff", 1000) });
  const owner = process(9, { uid: 1000, namespaces: here, cgroup: "/user.slice", status: status("0", 1000) });
  const overlapping = [user(50, 1000, 5000), user(51, 0, 5050)];
  expect(rulesOf(look([owner, container(12, A, 50), container(13, B, 51)], overlapping))).toEqual([
    "warning shared-ids",
    "warning shared-ids",
    "note owner",
  ]);
  const parted = [user(50, 0, 5000), user(51, 0, 5100)];
  expect(rulesOf(look([owner, container(12, A, 50), container(13, B, 51)], parted))).toEqual([]);
});

test("setgroups where one group is mapped by an ordinary user, and what nobody keeps", () => {
  const one = [{ inside: 0, outside: 1000, count: 1 }];
  const inside = process(12, { namespaces: { ...apart, user: idOf(50) }, status: status("0", 1000) });
  expect(rulesOf(look([inside], [user(50, 1000, 1000, { gid: one })]))).toEqual(["warning setgroups"]);
  expect(rulesOf(look([inside], [user(50, 1000, 1000, { gid: one, setgroups: "deny" })]))).toEqual([]);
  const apartOnly = process(12, { namespaces: apart, status: status("0") });
  expect(rulesOf(look([apartOnly], [namespace("net", 60, { owner: USER })]))).toEqual(["note kept-by-nobody"]);
});

test("what was not read is said, and no finding", () => {
  const answer = look([inDocker(13, B, { namespaces: { net: idOf(40) } })]);
  expect(rulesOf(answer)).toEqual([]);
  expect(answer.missing.map(({ what, of }) => `${what} ${of}`).sort()).toEqual([
    "link 13/ipc",
    "link 13/pid",
    "link 13/user",
  ]);
});

test("where processes could not be looked into, nothing found is not said to be all", () => {
  const refused = { source: "processes", asked: 2, seen: 1, vanished: 0, refused: { EACCES: 1 } } as const;
  const answer = audit(indexSnapshot(snapshot({ coverage: [refused] })));
  expect([rulesOf(answer), answer.gaps.length]).toEqual([[], 1]);
});

test("SARIF with a finding of each rule is what its schema wants, in both languages", () => {
  const one = [{ inside: 0, outside: 1000, count: 1 }];
  const container = (pid: number, id: string, nth: number) =>
    inDocker(pid, id, { namespaces: { ...apart, user: idOf(nth) }, status: status("1ffffffffff", 1000) });
  const owner = process(9, { uid: 1000, namespaces: here, cgroup: "/user.slice", status: status("0", 1000) });
  const unread = inDocker(15, B, { namespaces: { net: idOf(40) } });
  const privileged = inDocker(16, B, { namespaces: here, status: status("200000") });
  const answer = look(
    [owner, container(12, A, 50), container(13, B, 51), privileged, unread],
    [user(50, 1000, 5000, { gid: one }), user(51, 0, 5050), namespace("net", 60, { owner: USER })],
  );
  expect(new Set(answer.findings.map(({ rule }) => rule))).toEqual(new Set(Object.keys(AUDIT_RULES)));
  for (const language of ["en", "fr"] as const) {
    const log: unknown = JSON.parse(
      JSON.stringify(auditSarif(answer, { language, producer: { name: "nsatlas", version: "0.1.0" } })),
    );
    expect(sarifIssues(log)).toEqual([]);
    expect(log).toMatchObject({
      runs: [{ invocations: [{ toolExecutionNotifications: [{ level: "note" }, {}, {}] }] }],
    });
  }
  expect(sarifIssues({ version: "2.1.0", runs: [{ results: [] }] })).not.toEqual([]);
});

test("SARIF has each finding by its rule", () => {
  const other = process(12, { namespaces: apart, status: status("0") });
  const answer = look([other, inDocker(13, B, { namespaces: here, status: status("200000") })]);
  const log = auditSarif(answer, { language: "en", producer: { name: "nsatlas", version: "0" } });
  const text: unknown = JSON.parse(JSON.stringify(log));
  expect(text).toMatchObject({
    version: "2.1.0",
    runs: [
      {
        results: [
          { ruleId: "capable", ruleIndex: 0, level: "error" },
          { ruleId: "host-namespace", ruleIndex: 1, level: "warning" },
        ],
      },
    ],
  });
});
