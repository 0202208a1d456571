import { readFileSync, readlinkSync } from "node:fs";
import { build } from "../../src/restore/build.ts";
import type { RegistryEntry } from "../../src/restore/registry-entry.ts";
import { Registry } from "../../src/restore/registry.ts";
import { undo, type Undone } from "../../src/restore/undo.ts";
import { whoRestores } from "../../src/restore/who-restores.ts";
import { planRestore } from "../../src/topology/plan/plan.ts";
import type { Topology } from "../../src/topology/topology.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";
import { theAddon } from "../support/the-addon.ts";

/** What a test restored: gone at the end of the block, whatever happened. */
export class Restored implements Disposable {
  readonly entry: RegistryEntry;
  readonly registry: Registry;
  readonly #folder: TemporaryFolder;

  constructor(topology: Topology) {
    this.#folder = temporaryFolder();
    this.registry = new Registry(this.#folder.path);
    try {
      const plan = planRestore(topology, whoRestores());
      this.entry = build(theAddon(), { name: "test", plan, registry: this.registry });
    } catch (error) {
      this.#folder[Symbol.dispose]();
      throw error;
    }
  }

  pid(label: string): number {
    const found = this.entry.processes.find((one) => one.label === label);
    if (found === undefined) throw new Error(`no process ${label}`);
    return found.pid;
  }
  link(label: string, link: string): string {
    return readlinkSync(`/proc/${this.pid(label)}/ns/${link}`);
  }
  file(label: string, file: string): string {
    return readFileSync(`/proc/${this.pid(label)}/${file}`, "utf8");
  }
  /** A field of its status, blanks made one. */
  status(label: string, field: string): string | undefined {
    return new RegExp(`^${field}:\\s*(.*)$`, "m").exec(this.file(label, "status"))?.[1]?.replaceAll(/\s+/g, " ");
  }

  undo(): Undone {
    return undo(theAddon(), this.registry, "test");
  }
  [Symbol.dispose](): void {
    if (this.registry.names().includes("test")) this.undo();
    this.#folder[Symbol.dispose]();
  }
}
