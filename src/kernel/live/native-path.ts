import { join } from "node:path";

/** What gcc made of native/, by its name below prebuilds/linux-CPU. */
export type NativeFile = "nsatlas.node" | "holder" | "launcher";

/** Where a file of the native half is in a package. A file of its own: dist/cli.cjs needs it, and nothing that it would bring. */
export const nativePath = (root: string, arch: string, name: NativeFile): string =>
  join(root, "prebuilds", `linux-${arch}`, name);
