import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { VERIFY_JSON_SCHEMA } from "../../src/cli/verify-schema.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

describe("an image of a running process", needs("root", "native", "package:util-linux"), () => {
  test("is what is there; altered by hand, exactly what was altered is named", { timeout: 120_000 }, async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "image.json");
    const words = ["-U", "-r", "-u", "-i", "sh", "-c", "hostname drawn; echo; read line"];
    const child = spawn("unshare", words, { stdio: ["pipe", "pipe", "ignore"] });
    try {
      await once(child.stdout, "data");
      const who = String(child.pid);
      expect(await runProgram(["checkpoint", who, "-o", file])).toMatchObject({ exit: 0 });
      expect(await runProgram(["verify", file, "--against", who])).toMatchObject({
        exit: 0,
        out: expect.stringMatching(/^The same: 3 namespaces and 1 process/),
      });
      const text = readFileSync(file, "utf8");
      writeFileSync(
        file,
        text.replace('"hostname":"drawn"', '"hostname":"other"').replace('"outside":0', '"outside":7'),
      );
      const differs = await runProgram(["verify", file, "--against", who]);
      expect(differs.exit).toBe(1);
      expect(differs.out).toContain("user-1: uid map line 1, first id outside: 0 instead of 7");
      expect(differs.out).toContain("user-1 > uts-1: hostname: drawn instead of other");
      const json = await runProgram(["verify", file, "--against", who, "--json"]);
      const said: unknown = JSON.parse(json.out);
      const validate = new Ajv2020({ strict: true }).compile(VERIFY_JSON_SCHEMA);
      expect([validate(said), validate.errors]).toEqual([true, null]);
      expect(said).toMatchObject({ same: false, differences: [{ fact: "uidMap" }, { fact: "hostname" }] });
    } finally {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "close");
    }
  });

  test("without --against it is said what is missing", async () => {
    expect(await runProgram(["verify", "image.json"])).toMatchObject({ exit: 2 });
  });
});
