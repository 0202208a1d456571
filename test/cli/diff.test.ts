import { rmSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { SCHEMAS } from "../../src/cli/schemas.ts";
import { needs } from "../support/needs.ts";
import { ordinaryUser, PROGRAMS, root } from "../support/viewers.ts";

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
    // Even root may be refused something, which is told; nothing else is.
    expect(stderr.replaceAll(/\n +/g, " ")).toMatch(/^(nsatlas: Not all was seen in both, [^\n]*\n)?$/);
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

test(
  "what an ordinary user may not see is not said to be gone, and no difference is no certainty",
  needs("root", "ordinary-user", "native", "package:util-linux"),
  async () => {
    const nsatlas = `"${process.execPath}" "${PROGRAMS.nsatlas}"`;
    const made = await root.run("sh", [
      "-c",
      `d=$(mktemp -d); chmod 755 $d
       unshare --net sleep 60 </dev/null >/dev/null 2>&1 & while [ "$(readlink /proc/$!/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
       ${nsatlas} snapshot -o $d/by-root.json; chmod 644 $d/by-root.json; echo $d $! $(readlink /proc/$!/ns/net)`,
    ]);
    const [folder = "", pid = "", link = ""] = made.stdout.trim().split(" ");
    try {
      const later = await ordinaryUser.nsatlas(["diff", `${folder}/by-root.json`, "live"]);
      expect(later.stdout).toContain(`? ${link} was not seen again, and may be there still`);
      expect(later.stdout).not.toContain(`- ${link} `);
      const words = later.stderr.replaceAll(/\n +/g, " ");
      expect(words).toContain("nsatlas: Not all was seen in both, and what is different there is not known:");
      const own = await ordinaryUser.run("sh", [
        "-c",
        `d=$(mktemp -d); ${nsatlas} snapshot -o $d/own.json; ${nsatlas} diff $d/own.json live >&2; echo $?; rm -r $d`,
      ]);
      // Others may make namespaces that everybody sees meanwhile; never is it sure that nothing has changed.
      expect(["1", "3"]).toContain(own.stdout.trim());
      expect(own.stderr).toContain("Not all was seen in both");
    } finally {
      process.kill(Number(pid));
      rmSync(folder, { recursive: true });
    }
  },
);
