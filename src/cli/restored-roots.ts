import { isThere, namespaceMounts } from "../restore/identity.ts";
import { isRestoreName, Registry, RegistryError, registryFolder } from "../restore/registry.ts";
import type { Context } from "./context.ts";

/**
 * What a restore made and is there still, as words that name it: numbers of processes, paths of bind mounts. Undefined:
 * nothing was restored under that name. RegistryError: what was written about it cannot be read.
 */
export function restoredRoots(name: string, env: Context["env"]): readonly string[] | undefined {
  const uid = process.geteuid?.() ?? 0;
  const registry = new Registry(registryFolder(env, uid));
  if (!isRestoreName(name)) return undefined;
  try {
    const { processes, mounts } = registry.read(name);
    const mounted = namespaceMounts();
    return [
      ...processes.filter(isThere).map(({ pid }) => String(pid)),
      ...mounts.map(({ path }) => path).filter((path) => mounted.has(path)),
    ];
  } catch (error) {
    if (error instanceof RegistryError && error.what === "unknown") return undefined;
    throw error;
  }
}
