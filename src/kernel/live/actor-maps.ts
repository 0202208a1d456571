import { constants } from "node:fs";
import { CONSTANTS } from "../../abi/constants.ts";
import { ok, type Outcome } from "../../rules/outcome.ts";
import type { Value } from "../call.ts";
import * as calls from "./holder-calls.ts";

const ACCESS = { read: constants.O_RDONLY, write: constants.O_WRONLY, both: constants.O_RDWR } as const;

/** In a call each character stands for a byte. */
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** open(2) of a file that /proc/PID has for its user namespace. */
export const openMap = (by: calls.Caller, path: string, access: keyof typeof ACCESS): Outcome<number> =>
  calls.open(by, path, ACCESS[access] | CONSTANTS.O_CLOEXEC);

/** open, write and close of it. */
export function writeMap(by: calls.Caller, path: string, text: string): Outcome<number> {
  const fd = openMap(by, path, "write");
  if (!fd.ok) return fd;
  const written = write(by, { fd: fd.value, text });
  calls.close(by, fd.value);
  return written;
}

export const write = (by: calls.Caller, { fd, text }: { fd: number; text: string }): Outcome<number> =>
  calls.write(by, fd, bytesOf(text));

export const pwrite = (
  by: calls.Caller,
  { fd, text, offset }: { fd: number; text: string; offset: number },
): Outcome<number> => calls.pwrite(by, fd, bytesOf(text), offset);

export function read(by: calls.Caller, fd: number): Outcome<Value> {
  const text = calls.read(by, fd);
  return text.ok ? ok({ text: text.value }) : text;
}
