import type { Grants } from "../../restore/judge-map.ts";
import { subordinateIds } from "../subordinate-ids.ts";

/** What newuidmap and newgidmap map for us: they go by the real ids. */
export function grantsHere(): Grants {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const { name, uid: users, gid: groups } = subordinateIds(uid);
  return {
    user: name,
    newuidmap: { own: uid, ranges: users.ranges },
    newgidmap: { own: gid, ranges: groups.ranges },
  };
}
