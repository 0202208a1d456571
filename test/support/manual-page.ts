import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** Where manual pages are. Docker images of Debian leave them out; `.ci/run` then unpacks them and names the folder. */
const FOLDERS = [process.env["NSATLAS_MAN_DIR"], "/usr/share/man"].filter((folder) => folder !== undefined);

/** The file of a manual page, such as `2/ioctl_ns.2`; undefined where it is not installed. */
export function manualPagePath(page: string): string | undefined {
  const files = FOLDERS.flatMap((folder) => [join(folder, `man${page}.gz`), join(folder, `man${page}`)]);
  return files.find((file) => existsSync(file));
}

/** The page's source, in roff. */
export function manualPage(page: string): string {
  const path = manualPagePath(page);
  if (path === undefined) throw new Error(`manual page ${page} is not installed; say needs("package:manpages-dev")`);
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}
