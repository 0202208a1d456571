import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runProgram } from "./run-program.ts";

const WORLD = join(import.meta.dirname, "../../examples/worlds/containers.world");

/** What stands in the element of that id. */
const inElement = (html: string, id: string): string => new RegExp(`id="${id}"[^>]*>([^]*?)</`).exec(html)?.[1] ?? "";

describe("tree --format html", () => {
  test("writes one page to a file that its owner alone reads, or to a pipe", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "atlas.html");
    const asked = ["tree", "--world", WORLD, "--format", "html"];
    const now = new Date(0);
    const written = await runProgram([...asked, "-o", file], { now, columns: 80 });
    expect(written).toEqual({ exit: 0, out: "", err: "" });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const html = readFileSync(file, "utf8");
    expect([html.slice(0, 33), html.slice(-8)]).toEqual(['<!doctype html>\n<html lang="en">\n', "</html>\n"]);
    expect(html.includes(`content="default-src 'none'; script-src 'sha256-`)).toBe(true);
    const markup = html.replaceAll(/<script[^]*?<\/script>/g, "");
    expect(markup.match(/\son\w+=|javascript:|https?:\/\/(?!www\.w3\.org\/2000\/svg)/)).toBeNull();
    for (const to of [[], ["-o", "-"]]) expect((await runProgram([...asked, ...to], { now })).out === html).toBe(true);
  });

  test("is no text for a terminal, and says so", async () => {
    const { exit, out, err } = await runProgram(["tree", "--world", WORLD, "--format", "html"], { columns: 80 });
    expect({ exit, out }).toEqual({ exit: 2, out: "" });
    expect(err).toBe("nsatlas: A page is for a browser, not for a terminal.\n  Give a file: -o atlas.html.\n");
  });

  test("has what --redact leaves, and says so", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "seen.json");
    await runProgram(["tree", "--world", WORLD, "--json", "-o", file]);
    const [whole, redacted] = await Promise.all(
      [[], ["--redact"]].map(
        async (words) => (await runProgram(["tree", "--from", file, "--format", "html", ...words])).out,
      ),
    );
    const told = [whole, redacted].map((html = "") => ({
      place: inElement(html, "snapshot").includes("/run/netns/blue"),
      head: inElement(html, "about"),
    }));
    expect(told).toEqual([
      { place: true, head: expect.stringContaining("command lines too") as string },
      { place: false, head: expect.stringContaining("Redacted:") as string },
    ]);
    const { out } = await runProgram(["tree", "--from", file, "--redact", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ redacted: true, names: [] });
  });

  test("speaks the language of who made it", async () => {
    const { out } = await runProgram(["tree", "--world", WORLD, "--format", "html"], { language: "fr" });
    expect(/<html lang="(\w+)">/.exec(out)?.[1]).toBe("fr");
    expect(/<h1>(.*?)<\/h1>/.exec(out)?.[1]).toMatch(/^Espaces de noms de Linux/);
  });

  test("is of one host, as any -o FILE", async () => {
    using folder = temporaryFolder();
    const [one, two] = [join(folder.path, "one.json"), join(folder.path, "two.json")];
    for (const file of [one, two]) await runProgram(["tree", "--world", WORLD, "--json", "-o", file]);
    const file = join(folder.path, "out");
    const many = ["tree", "--from", one, "--from", two];
    const asPage = await runProgram([...many, "--format", "html"]);
    expect(asPage).toMatchObject({ exit: 2, err: expect.stringContaining("--format html is of one host") as string });
    const asText = await runProgram([...many, "-o", file]);
    expect(asText).toMatchObject({ exit: 2, err: expect.stringContaining("-o is one file") as string });
    expect(existsSync(file)).toBe(false);
  });
});

test("tree -o FILE has colours where they are asked for, not because the terminal has them", async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "tree.txt");
  await runProgram(["tree", "--world", WORLD, "-o", file], { columns: 80, env: { LANG: "C.UTF-8", TERM: "xterm" } });
  expect(readFileSync(file, "utf8")).not.toContain("\u001b");
  await runProgram(["tree", "--world", WORLD, "-o", file, "--color", "always"]);
  expect(readFileSync(file, "utf8")).toContain("\u001b");
  const { exit, err } = await runProgram(["tree", "--world", WORLD, "-o", join(folder.path, "none/tree.txt")]);
  expect(exit).toBe(4);
  expect(err).toContain("ENOENT");
});
