import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, test } from "vitest";
import { ROOT } from "../support/sources.ts";
import { PRODUCT, PROGRAMS, self } from "../support/viewers.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const manifest = JSON.parse(read("package.json")) as {
  version: string;
  dependencies?: object;
  devDependencies: Record<string, string>;
  exports: Record<string, { types: string; default: string } | string>;
  bin: Record<string, string>;
};

describe("the package", () => {
  test("needs nothing at run time: what it uses is bundled, with its licence", () => {
    expect(manifest.dependencies).toBeUndefined();
    const licences = read("dist/THIRD-PARTY-LICENSES.txt");
    for (const name of ["picocolors", "yaml", "zod"]) {
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC)\\)$`, "m"));
    }
  });

  test("pins what it is built with, and its lock file names no machine's registry", () => {
    for (const version of Object.values(manifest.devDependencies))
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[a-z]+\.\d+)?$/);
    expect(read("package-lock.json")).not.toContain('"resolved"');
  });

  test("passes publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: ROOT, strict: true, pack: false });
    // It knows of no program that the shell begins and Node goes on with: see docs/decisions/0011-launcher.md.
    const others = messages.filter(({ code }) => code !== "BIN_FILE_NOT_EXECUTABLE");
    expect(others.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("ships what its manifest names, and no sources or tests", async () => {
    const { stdout } = await self.run("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { cwd: ROOT });
    const [packed] = JSON.parse(stdout) as [{ files: { path: string; mode: number }[] }];
    const modes = new Map(packed.files.map(({ path, mode }) => [path, mode]));
    const faces = Object.values(manifest.exports).flatMap((face) =>
      typeof face === "string" ? [face] : Object.values(face),
    );
    for (const face of faces.filter((path) => !path.includes("*")))
      expect(modes.has(face.replace(/^\.\//, "")), face).toBe(true);
    for (const program of Object.values(manifest.bin)) expect((modes.get(program) ?? 0) & 0o111, program).not.toBe(0);
    const known =
      /^(dist\/|types\/|man\/man1\/nsatlas[a-z-]*\.1$|schemas\/[a-z0-9-]+\.json$|prebuilds\/linux-\w+\/(nsatlas\.node|holder|launcher)$|(package\.json|README\.md|LICENSE|CHANGELOG\.md)$)/;
    expect([...modes.keys()].filter((path) => !known.test(path))).toEqual([]);
  });

  test("has a change log that knows its version", () => {
    expect(read("CHANGELOG.md")).toMatch(
      new RegExp(`^## \\[(Unreleased|${manifest.version.replaceAll(".", "\\.")})\\]`, "m"),
    );
  });
});

describe("whoever installs it", () => {
  test.each(Object.entries(PROGRAMS))("runs %s, which starts with a line that says what runs it", (_, path) => {
    expect(readFileSync(path, "utf8")).toMatch(
      /^#!(\/usr\/bin\/env node\n|\/bin\/sh\n':' \/\/;.* exec node "\$0" "\$@"\n)/,
    );
  });

  /** What gives Node's own objects, as a `ChildProcess`, has them in its types. */
  const NEEDS_NODES_TYPES = ".";
  const kinds = [
    {
      what: "all but the main one without having Node's",
      types: "",
      isMeant: (face: string) => face !== NEEDS_NODES_TYPES,
    },
    { what: "all of them where Node's are there", types: "node", isMeant: () => true },
  ];
  test.each(kinds)("compiles against its types without having ours: $what", async ({ types, isMeant }) => {
    const folder = mkdtempSync(join(tmpdir(), "consumer-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(PRODUCT, join(folder, "node_modules/nsatlas"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    if (types !== "") symlinkSync(join(ROOT, "node_modules/@types"), join(folder, "node_modules/@types"));
    const faces = Object.keys(manifest.exports).filter(
      (face) => typeof manifest.exports[face] === "object" && isMeant(face),
    );
    const lines = faces.map((face, n) => `export * as face${n} from "nsatlas${face.slice(1)}";`);
    writeFileSync(join(folder, "uses.ts"), `${lines.join("\n")}\n`);
    const words = [
      "--noEmit",
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2023",
      "--lib",
      "es2023,esnext.disposable",
    ];
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const { code, stdout } = await self.run(process.execPath, [tsc, ...words, "--types", types, "uses.ts"], {
      cwd: folder,
    });
    rmSync(folder, { recursive: true });
    expect(code, stdout).toBe(0);
  });
});
