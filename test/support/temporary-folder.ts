import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryFolder extends Disposable {
  readonly path: string;
}

/** An empty folder of the test's own, gone with all that is in it at the end of the block. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "folder-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
