import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { SCHEMAS } from "../../src/cli/schemas.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { drawnMachine } from "../support/drawn-machine.ts";
import { needs } from "../support/needs.ts";
import { runProgram } from "./run-program.ts";

const { actor } = drawnMachine(`
  user:init
    user:box by 1000
  pid:init
    pid:box of user:box
  net:blue of user:box empty
`);
const drawn = new ModelObserver(() => actor.world, actor.first);

describe.each([
  ["a drawn world", drawn, {}],
  ["the running kernel", undefined, needs("native")],
])("of %s", (_, observer, lacking) => {
  describe.each([
    ["list", "list -J"],
    ["list", "list -J -T --output-all"],
    ["list", "list --json -o NSFS,PNS,ID"],
    ["list", "list --json self/pid"],
    ["show", "show self/user --json"],
    ["show", "show self/net --format json"],
    ["show", "show self/pid --json"],
    ["why", "why self/net --json"],
    ["why", "why self/user --json"],
    ["leaks", "leaks --json"],
    ["pid", "pid self --json"],
    ["caps", "caps self --json"],
    ["can", "can self sys_admin self/net --json"],
    ["can", "can self sethostname --json"],
    ["can-enter", "can self enter self/net self/uts --json"],
    ["who", "who sys_admin self/net --json"],
    ["reach", "reach self --json"],
    ["audit", "audit --json"],
    ["ids", "ids --json"],
    ["ids-translate", "ids translate 0 self/user self/user --json"],
    ["ids-overlaps", "ids overlaps --json"],
    ["caps", "caps self self/net --json"],
    ["snapshot", "tree --json"],
    ["mounts", "tree --mounts self/mnt --json"],
    ["snapshot", "snapshot -o - --redact"],
    ["doctor", "doctor --json"],
    ["run", "run -U -r -n --timeout 5s --json --dry-run true"],
    ["error", "show net:[1] --json"],
    ["error", "show nothing --json"],
    ["error", "tree --bogus --json"],
    ["error", "show /dev/null --json"],
    ["error", "tree --from /dev/null --json"],
  ])("the schema %s", (name, line) => {
    test(`fits ${line}`, lacking, async () => {
      const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
      const validate = ajv.compile((await SCHEMAS.get(name)?.make()) ?? false);
      const ran = await runProgram(line.split(" "), observer === undefined ? {} : { observer });
      const isValid = validate(JSON.parse(name === "error" ? ran.err : ran.out));
      expect({ isValid, errors: validate.errors }).toEqual({ isValid: true, errors: null });
    });
  });
});

test("the schema enter fits enter --dry-run --json on the running kernel", needs("native"), async () => {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  const validate = ajv.compile((await SCHEMAS.get("enter")?.make()) ?? false);
  const ways = ["--ns self/net", "-t self --user --all --root --wd --mount-proc --keep-caps --no-new-privs --setuid 7"];
  for (const way of ways) {
    const words = way.replace("self --", `${process.pid} --`).split(" ");
    const { out } = await runProgram(["enter", ...words, "--dry-run", "--json", "id"]);
    const isValid = validate(JSON.parse(out));
    expect({ isValid, errors: validate.errors }).toEqual({ isValid: true, errors: null });
  }
});

test("schema prints one by its name, all as JSON, and the names", async () => {
  for (const name of SCHEMAS.keys()) {
    const { exit, out } = await runProgram(["schema", name]);
    expect([exit, JSON.parse(out)]).toEqual([0, await SCHEMAS.get(name)?.make()]);
  }
  expect(Object.keys(JSON.parse((await runProgram(["schema", "--json"])).out))).toEqual([...SCHEMAS.keys()]);
  expect((await runProgram(["schema"])).out.split("\n")).toHaveLength(SCHEMAS.size + 1);
});
