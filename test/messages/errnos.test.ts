import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ERRNOS, type ErrnoName } from "../../src/abi/errnos.ts";
import { ERRNO_TEXTS } from "../../src/messages/errnos.ts";
import type { Language } from "../../src/messages/sentence.ts";
import { needs } from "../support/needs.ts";

const NAMES = Object.keys(ERRNOS).filter((name): name is ErrnoName => Object.hasOwn(ERRNO_TEXTS, name));
const FRENCH_MESSAGES = "/usr/share/locale/fr/LC_MESSAGES/libc.mo";

/** Prints `NAME TEXT` for each name, by the compiler's own headers and the C library's strerror. */
const PROGRAM = `
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
int main(void) {
  setlocale(LC_ALL, "");
${NAMES.map((name) => `  printf("${name} %s\\n", strerror(${name}));`).join("\n")}
}
`;

test("every errno has a text in both languages", () => {
  expect(Object.keys(ERRNO_TEXTS)).toEqual(Object.keys(ERRNOS));
  for (const { en, fr } of Object.values(ERRNO_TEXTS)) expect(en).not.toBe(fr);
});

describe("as the C library of this machine has them", needs("package:gcc", "package:libc6-dev"), () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "nsatlas-errnos-"));
    writeFileSync(join(folder, "texts.c"), PROGRAM);
    execFileSync("gcc", ["-Wall", "-Werror", "-o", join(folder, "texts"), join(folder, "texts.c")]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const textsIn = (env: Record<string, string>): string =>
    execFileSync(join(folder, "texts"), { env, encoding: "utf8" });

  const ours = (language: Language): string => NAMES.map((name) => `${name} ${ERRNO_TEXTS[name][language]}\n`).join("");

  test("in English", () => {
    expect(textsIn({ LC_ALL: "C" })).toBe(ours("en"));
  });

  test("in French; or in English, where the C library's French messages are not installed", () => {
    const french = existsSync(FRENCH_MESSAGES);
    expect(textsIn({ LC_ALL: "C.UTF-8", LANGUAGE: "fr" })).toBe(ours(french ? "fr" : "en"));
  });
});
