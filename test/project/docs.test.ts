import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fencesOf, pages } from "../support/fences.ts";
import { needs } from "../support/needs.ts";
import { ROOT } from "../support/sources.ts";
import { PRODUCT, PROGRAMS, self } from "../support/viewers.ts";

const fences = pages().flatMap(fencesOf);

/** A folder where `nsatlas` and `ns_show` are commands and the library is installed: where readers try things. */
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "reader-"));
  for (const name of ["bin", "node_modules"]) mkdirSync(join(folder, name));
  symlinkSync(PROGRAMS.nsatlas, join(folder, "bin/nsatlas"));
  symlinkSync(PROGRAMS.nsShow, join(folder, "bin/ns_show"));
  symlinkSync(PRODUCT, join(folder, "node_modules/nsatlas"));
  symlinkSync(join(ROOT, "node_modules/@types"), join(folder, "node_modules/@types"));
  symlinkSync(join(ROOT, "examples"), join(folder, "examples"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** `$ nsatlas show x   # exits with 2`: the command, and the exit code that the page promises. */
interface Shown {
  readonly place: string;
  readonly command: string;
  readonly code: number;
}

function commandsOf({ place, text }: (typeof fences)[number]): Shown[] {
  const lines = text.split("\n").filter((line) => /^\$ (nsatlas|ns_show)\b/.test(line));
  return lines.map((line) => {
    const [command = "", remark = ""] = line.slice("$ ".length).split(/\s+#\s/);
    return { place, command, code: Number(/exits with (\d+)/.exec(remark)?.[1] ?? 0) };
  });
}

/** Commands of a world that is the same everywhere, each with what it prints below it. */
function printsOf({ place, text }: (typeof fences)[number]) {
  return text.split(/^\$ /m).flatMap((part) => {
    const [first = "", ...lines] = part.split("\n");
    const [command = ""] = first.split(/\s+#\s/);
    return command === "" ? [] : [{ place, command, prints: `${lines.join("\n").trimEnd()}\n` }];
  });
}

describe("what the pages show", () => {
  const commands = fences.filter(({ info }) => info.split(" ")[0] === "sh").flatMap(commandsOf);

  test("has commands in it", () => {
    expect(commands.length).toBeGreaterThan(3);
  });

  test.each(commands)("$place: $command", needs("native"), async ({ command, code }) => {
    const env = { PATH: `${join(folder, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin` };
    const ran = await self.run("sh", ["-c", command], { cwd: folder, env });
    expect(ran.code, ran.stderr).toBe(code);
  });

  test.each(fences.filter(({ info }) => info === "sh exact").flatMap(printsOf))(
    "$place: $command prints what the page shows",
    async ({ command, prints }) => {
      const env = { PATH: `${join(folder, "bin")}:${dirname(process.execPath)}:/usr/bin:/bin`, LC_ALL: "C.UTF-8" };
      const ran = await self.run("sh", ["-c", `${command} 2>&1`], { cwd: folder, env });
      expect(ran.stdout).toBe(prints);
    },
  );

  test.each(fences.filter(({ info }) => info === "ts run"))(
    "$place compiles and runs",
    needs("native"),
    async ({ place, text }) => {
      const name = place.replaceAll(/\W/g, "-");
      writeFileSync(join(folder, `${name}.ts`), text);
      const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
      const words = ["--strict", "--module", "nodenext", "--target", "es2023", "--lib", "es2023,esnext.disposable"];
      const compiled = await self.run(process.execPath, [tsc, ...words, "--types", "node", `${name}.ts`], {
        cwd: folder,
      });
      expect(compiled.code, compiled.stdout).toBe(0);
      const ran = await self.run(process.execPath, [`${name}.js`], { cwd: folder });
      expect(ran.code, ran.stderr).toBe(0);
    },
  );

  test("is, for each example of the README, a file of examples/", () => {
    const names = readdirSync(join(ROOT, "examples")).filter((name) => name.endsWith(".ts"));
    const files = names.map((name) => readFileSync(join(ROOT, "examples", name), "utf8"));
    const shown = fencesOf("README.md").filter(({ info }) => info.startsWith("ts"));
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter(({ text }) => !files.some((file) => file.includes(text))).map(({ place }) => place)).toEqual(
      [],
    );
  });
});

describe("the pages", () => {
  test("link only to what is there", () => {
    const broken = pages().flatMap((page) => {
      const text = readFileSync(join(ROOT, page), "utf8").replaceAll(/^```[\s\S]*?^```/gm, "");
      const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = ""]) => target);
      const inside = links.filter((target) => !/^[a-z]+:/.test(target));
      return inside
        .filter((target) => !existsSync(join(ROOT, dirname(page), target)))
        .map((target) => `${page}: ${target}`);
    });
    expect(broken).toEqual([]);
  });

  test("draw the tree as it is: every folder has a line in docs/architecture.md, and no other", () => {
    const [drawing] = fencesOf("docs/architecture.md");
    const drawn = [...(drawing?.text ?? "").matchAll(/^( *)([\w-]+)\//gm)].map(([, indent = "", name = ""]) =>
      indent === "" ? name : `src/${name}`,
    );
    const made = new Set(["node_modules", "dist", "types", "man", "prebuilds", "coverage"]);
    const foldersOf = (path: string) =>
      readdirSync(join(ROOT, path), { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
    const atTop = foldersOf(".").filter((name) => !name.startsWith(".") && !made.has(name));
    expect(new Set(drawn)).toEqual(new Set([...atTop, ...foldersOf("src").map((name) => `src/${name}`)]));
  });
});
