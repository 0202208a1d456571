import { closeSync, fstatSync, openSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { PRODUCT, self } from "../support/viewers.ts";
import { startHolder } from "../enter/live/holder.ts";
import { execIn } from "../../src/inside/exec.ts";
import { held } from "./events.ts";

/** Our copies of the launcher. */
const copies = (): readonly number[] =>
  readdirSync("/proc/self/fd")
    .map(Number)
    .filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).includes("memfd:nsatlas");
      } catch {
        return false;
      }
    });

describe("the launcher's copy", needs("native", "root", "package:util-linux"), () => {
  test("is made once; what somebody has put in its place is neither run nor closed", async () => {
    await using holder = await startHolder(["--uts"]);
    const name = async (): Promise<string> => (await execIn(`${holder.pid}/uts`, "echo", ["ran"])).stdout;
    expect(await name()).toBe("ran\n");
    const before = held();
    const [copy, ...more] = copies();
    if (copy === undefined) throw new Error("there is none");
    expect(more).toEqual([]);
    expect(await name()).toBe("ran\n");
    expect([copies(), held()]).toEqual([[copy], before]);

    closeSync(copy);
    const fillers = [openSync("/usr/bin/false", "r")];
    while (fillers.at(-1) !== copy) fillers.push(openSync("/usr/bin/false", "r"));
    expect(await name()).toBe("ran\n");
    expect(fstatSync(copy).ino).toBe(fstatSync(fillers[0] ?? -1).ino);
    for (const filler of fillers) closeSync(filler);
    expect(held()).toEqual(before);
  });

  test("of a worker thread ends with that", async () => {
    await using holder = await startHolder(["--uts"]);
    const library = JSON.stringify(join(PRODUCT, "dist/index.js"));
    const work = `import(${library}).then(({ execIn }) => execIn("${holder.pid}/uts", "true"))`;
    const program = `import { readdirSync } from "node:fs"; import { once } from "node:events"; import { Worker } from "node:worker_threads";
      const counts = [];
      for (let turn = 0; turn < 3; turn++) {
        await once(new Worker(${JSON.stringify(work)}, { eval: true }), "exit");
        counts.push(readdirSync("/proc/self/fd").length);
      }
      console.log(counts[1] === counts[0], counts[2] === counts[0]);`;
    const ran = await self.run(process.execPath, ["--input-type=module", "-e", program]);
    expect(ran).toMatchObject({ code: 0, stdout: "true true\n" });
  });
});
