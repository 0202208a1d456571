import { describe, expect, test } from "vitest";
import { needs } from "../../support/needs.ts";
import { openTestHolders } from "./holder-support.ts";

describe("holders", needs("native"), () => {
  test("a started holder makes calls under the pid that it says", () => {
    using holders = openTestHolders();
    const holder = holders.start();
    expect(holders.syscall(holder, "getpid")).toEqual({ state: "done", ret: holder.pid, out: [] });
    expect(holders.syscall(holder, "getppid")).toMatchObject({ ret: holders.pid });
  });
});
