import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { SCHEMAS } from "../../src/cli/schemas.ts";
import { needs } from "../support/needs.ts";
import { PROGRAMS, root } from "../support/viewers.ts";

test(
  "diff FILE live shows a network namespace that was named meanwhile, by text and as JSON",
  needs("root", "native", "package:util-linux"),
  async () => {
    const nsatlas = `${process.execPath} ${PROGRAMS.nsatlas}`;
    const { stdout, stderr } = await root.run("bash", [
      "-c",
      `d=$(mktemp -d); cd $d; touch pin
       ${nsatlas} snapshot -o before.json
       unshare --net=$d/pin readlink /proc/self/ns/net
       ${nsatlas} diff before.json live | grep -F "$(stat -c %i pin)" | grep ^+
       ${nsatlas} diff before.json live --json >diff.json; echo $?
       cat diff.json; umount pin
       ${nsatlas} diff before.json before.json; echo $?; rm -r $d`,
    ]);
    expect(stderr).toBe("");
    const [link, ...lines] = stdout.trim().split("\n");
    // Its number may be that of one of another test, which has gone since.
    expect(lines[0]).toMatch(/^\+ net:\[\d+\] is new/);
    expect(lines[0]).toContain(`+ ${link} is new`);
    expect(lines[1]).toBe("1");
    expect(lines.slice(-2)).toEqual(["No difference was found.", "0"]);
    const document: unknown = JSON.parse(lines.slice(2, -2).join("\n"));
    const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
    const validate = ajv.compile((await SCHEMAS.get("diff")?.make()) ?? false);
    expect([validate(document), validate.errors]).toEqual([true, null]);
  },
);
