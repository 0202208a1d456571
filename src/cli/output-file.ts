import type { Running } from "./command.ts";
import type { Output } from "./context.ts";
import { fileFailure } from "./file-failure.ts";
import type { Given } from "./getopt.ts";
import { writeWhole } from "./write-file.ts";

/**
 * Where `-o FILE` sends the answer: one file, written whole or not at all; without it, or with `-`, standard output. Whether a
 * terminal has colours says nothing about a file: that has them only where they were asked for.
 */
export function outputOf(
  { out, color, language }: Pick<Running, "out" | "color" | "language">,
  path: string | undefined,
  given: readonly Given[],
): { readonly out: Output; readonly color: boolean } {
  if (path === undefined || path === "-") return { out, color };
  const write = (text: string): void => {
    try {
      writeWhole(path, text);
    } catch (error) {
      throw fileFailure(error, { subject: path, situation: "write-file", language });
    }
  };
  const isAsked = given.some(({ long, value }) => long === "color" && value === "always");
  return { out: { isTerminal: false, columns: undefined, write }, color: isAsked };
}
