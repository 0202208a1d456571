import type { NamespaceId } from "../abi/ids.ts";
import type { Forecast } from "./forecast.ts";
import type { Join } from "./order.ts";

/** One thing that is done on the way into namespaces, with what will come of it as far as the rules can tell. */
export type Act = Deed & { readonly forecast: Forecast };

export type Deed =
  /** Gives up supplementary groups before the user namespace is joined; a refusal counts only if the later one is refused, too. */
  | { readonly act: "early-groups" }
  | { readonly act: "join"; readonly join: Join }
  /** Goes to an open folder, makes it the root, and goes to the root. */
  | { readonly act: "root"; readonly dir: string }
  /** Goes to a folder that was opened before anything was joined. */
  | { readonly act: "folder"; readonly dir: string }
  /** Goes back, after a change of root, to the working directory from before. */
  | { readonly act: "stay" }
  /** Goes to a folder by its path there. */
  | { readonly act: "folder-inside"; readonly path: string }
  | { readonly act: "cgroup"; readonly path: string }
  /** The command runs in a child, which is in the pid namespace; the caller waits and ends as it does. */
  | { readonly act: "fork" }
  /** In a mount namespace of the command's own, so that nobody else sees it. */
  | { readonly act: "mount-proc"; readonly path: string; readonly pid: NamespaceId | undefined }
  /**
   * `unless`: a refusal counts for nothing where the groups were given up earlier, or, as nsenter has it for --setgid alone,
   * in any case.
   */
  | { readonly act: "groups"; readonly groups: readonly number[]; readonly unless: "given-up" | "always" | "never" }
  | { readonly act: "gid"; readonly gid: number }
  /** `keepsCaps`: whoever was root and is another gives the capabilities up by that, else. */
  | { readonly act: "uid"; readonly uid: number; readonly keepsCaps: boolean }
  | { readonly act: "keep-caps" }
  | { readonly act: "no-new-privs" };

/** The way into namespaces: deeds in order. What is run is not part of it. */
export interface Way {
  readonly acts: readonly Act[];
  /** What the whole comes to: the first that will not, else the first that is unknown. */
  readonly forecast: Forecast;
}
