import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ErrnoName } from "../../src/abi/errnos.ts";
import { INTERFACE_NAMES, type InterfaceName } from "../../src/abi/interfaces.ts";
import { judgeInterfaces } from "../../src/doctor/judge-interfaces.ts";

test("the program that tries has the interfaces in the table's order", () => {
  const source = readFileSync(new URL("../../native/holder-attempts.c", import.meta.url), "utf8");
  expect(Array.from(source.matchAll(/^ {4}\{"([^"]+)"/gm), ([, name]) => name)).toEqual(INTERFACE_NAMES);
});

test.each<[InterfaceName, ErrnoName, release: string, string]>([
  ["clone3", "EINVAL", "6.18", "answers"],
  ["clone3", "ENOSYS", "4.19", "missing"],
  ["clone3", "ENOSYS", "6.18", "filtered"],
  ["clone3", "EPERM", "6.18", "filtered"],
  ["NS_GET_PARENT", "EINVAL", "4.9", "answers"],
  ["NS_GET_PARENT", "ENOTTY", "4.8", "missing"],
  ["NS_GET_USERNS", "EPERM", "6.18", "refused"],
  ["NS_MNT_GET_NEXT", "EPERM", "7.0", "refused"],
  ["NS_MNT_GET_NEXT", "ENOENT", "6.12", "answers"],
  ["set_tid", "EEXIST", "6.1", "answers"],
  ["set_tid", "EPERM", "6.1", "refused"],
  ["set_tid", "E2BIG", "5.4", "missing"],
  ["open_by_handle_at", "EBADF", "6.17", "missing"],
  ["pidfd_open", "EMFILE", "6.17", "refused"],
])("%s that says %s on Linux %s %s", (name, errno, release, answer) => {
  expect(judgeInterfaces([{ name, came: "errno", errno }], release)).toMatchObject(
    [{ name, answer, errno: expect.anything() }].map((row) => (answer === "answers" ? { name, answer } : row)),
  );
});

test("whoever ends the caller for a call is a filter; where nobody tried, nothing is said", () => {
  const answers = judgeInterfaces(
    [
      { name: "kcmp", came: "killed" },
      { name: "setns", came: "untried" },
    ],
    "6.18",
  );
  expect(answers.map(({ answer }) => answer)).toEqual(["filtered", "untried"]);
});
