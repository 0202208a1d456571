import type { RegistryEntry } from "../../restore/registry-entry.ts";
import { isRestoreName, Registry, RegistryError, registryFolder } from "../../restore/registry.ts";
import type { Context } from "../context.ts";

/** What is registered under a name; undefined: nothing. RegistryError: it cannot be read. */
export function registered(name: string, env: Context["env"]): RegistryEntry | undefined {
  if (!isRestoreName(name)) return undefined;
  try {
    return new Registry(registryFolder(env, process.geteuid?.() ?? 0)).read(name);
  } catch (error) {
    if (error instanceof RegistryError && error.what === "unknown") return undefined;
    throw error;
  }
}
