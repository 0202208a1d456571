import { constants } from "node:fs";
import { dirname } from "node:path";
import { CONSTANTS } from "../abi/constants.ts";
import * as calls from "../kernel/live/holder-calls.ts";
import { ok, type Outcome } from "../rules/outcome.ts";
import type { Pin } from "../topology/plan/step.ts";
import type { Site } from "./site.ts";

/** Mounts a namespace's file over a path; the file and the folders it lies in are made where they are missing. */
export function carryPin(site: Site, by: calls.Caller, { namespace, path }: Pin): Outcome<unknown> {
  const file = makeFile(by, path);
  if (!file.ok) return file;
  const source = `/proc/${by.holder.pid}/fd/${site.descriptorOf(namespace)}`;
  return calls.mount(by, { source, target: path, flags: CONSTANTS.MS_BIND });
}

function makeFile(by: calls.Caller, path: string): Outcome<unknown> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_RDONLY | CONSTANTS.O_CLOEXEC;
  let made = calls.open(by, path, flags);
  if (!made.ok && made.errno === "ENOENT") {
    const folder = makeFolder(by, dirname(path));
    if (!folder.ok) return folder;
    made = calls.open(by, path, flags);
  }
  if (made.ok) return calls.close(by, made.value);
  return made.errno === "EEXIST" ? ok(0) : made;
}

/** A folder, and those above it that are missing. */
export function makeFolder(by: calls.Caller, path: string): Outcome<unknown> {
  const made = calls.mkdir(by, path);
  if (made.ok || made.errno === "EEXIST") return ok(0);
  if (made.errno !== "ENOENT" || path === dirname(path)) return made;
  const above = makeFolder(by, dirname(path));
  return above.ok ? calls.mkdir(by, path) : above;
}
