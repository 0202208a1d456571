import { runInNewContext } from "node:vm";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { describe, expect, test } from "vitest";
import * as model from "../../src/model.ts";
import { ROOT } from "../support/sources.ts";

describe("a drawn machine", () => {
  test("is asked through the ports, and calls that change it are seen", async () => {
    const machine = model.drawMachine("user:init\n  user:alice by 1000\npid:init\n  pid:box of user:alice");
    const observer = machine.observer();
    const first = machine.actor.first;
    const before = observer.open("/proc/self/ns/uts");
    expect(machine.actor.call(first, { op: "unshare", flags: model.NAMESPACE_KINDS.uts.flag })).toEqual(model.ok(0));
    const after = observer.open("/proc/self/ns/uts");
    if (!before.ok || !after.ok) throw new Error("the own namespaces do not open");
    expect(after.value.id).not.toBe(before.value.id);
    expect(after.value.ownerUid()).toEqual(model.refused("EINVAL", "not-a-user-namespace"));
  });

  test("a visitor sees from where it is", () => {
    const machine = model.drawMachine("user:init\n  user:alice by 1000");
    const file = machine.observer(machine.processIn("user:alice")).open("/proc/self/ns/user");
    if (!file.ok) throw new Error("the own namespace does not open");
    expect(file.value.openParent()).toEqual(model.refused("EPERM", "parent-outside-view"));
  });

  test("a drawing that is none says which line is wrong; one that the kernel forbids, which call", () => {
    expect(() => model.drawMachine("user:init\n  house:red")).toThrow(model.ParseError);
    expect(() => model.drawMachine("user:init\n  house:red")).toThrow(/^line 2 of the drawing: /);
    const deep = Array.from({ length: 40 }, (_, level) => `${" ".repeat(level + 1)}user:u${level}`).join("\n");
    expect(() => model.drawMachine(`user:init\n${deep}`)).toThrow(model.BuildRefused);
    expect(() => model.drawMachine(`user:init\n${deep}`)).toThrow("ENOSPC");
  });
});

/** The bundle of a page that has nothing but what browsers have. */
async function browserBundle(): Promise<string> {
  const build = await rolldown({
    input: join(ROOT, "src/model.ts"),
    platform: "browser",
    transform: { target: "es2022" },
    onLog: (level, log) => {
      if (level === "warn") throw new Error(log.message);
    },
  });
  const { output } = await build.generate({ format: "iife", name: "nsatlasModel" });
  expect(output).toHaveLength(1);
  return output[0].code;
}

describe("in a browser", () => {
  test("the model needs nothing of Node, and answers", async () => {
    const code = await browserBundle();
    expect(code).not.toMatch(/\brequire\(|["']node:|\bprocess\.(env|pid|platform)\b|\bBuffer\b/);
    // A context without Node's globals: what is there is what the language has.
    const answer: unknown = runInNewContext(`${code}
      const { drawMachine } = nsatlasModel;
      const machine = drawMachine("user:init\\n  user:box");
      const opened = machine.observer().open("/proc/self/ns/user");
      JSON.stringify([opened.ok, opened.value.openParent()]);`);
    expect(answer).toBe('[true,{"ok":false,"errno":"EPERM","reason":"parent-outside-view"}]');
  });
});
