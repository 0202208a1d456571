import { UNCOUNTED } from "../../kernel/model/counted.ts";
import { noOpenFiles } from "../../kernel/model/open-files.ts";
import type { NamespaceId } from "../../abi/ids.ts";
import { O_LARGEFILE } from "../../kernel/model/open-link.ts";
import type { FileTarget, NsKey, OpenFile, PidfdTarget, World } from "../../kernel/model/world.ts";
import { reserved } from "../../rules/reserved.ts";
import type { DescriptorRecord, PidfdDescriptor } from "../../snapshot/types.ts";
import { seenOr, unseen } from "./evidence.ts";
import type { Sight } from "./namespaces.ts";
import { seenName } from "./tasks.ts";

type Stores = Pick<World, "tasks" | "tables">;
/** Of fs.constants. */
const O_RDWR = 2;

/**
 * What processes have open, as far as there are records: namespaces, pidfds, and sockets of other network namespaces. Whatever
 * else is open was not recorded, and stays unknown. One pass.
 */
export function seenDescriptors(
  records: readonly DescriptorRecord[],
  { evidence, keyOf }: Sight,
  { tasks, tables }: Stores,
): Pick<World, "files" | "tables"> {
  let files = noOpenFiles();
  let all = tables;
  for (const record of records) {
    const { pid, tid, fd, closeOnExec } = record;
    // A thread's own table is nobody's here, and of a file that may outlive execve nothing is known then.
    if (tid !== undefined || closeOnExec === undefined) continue;
    const of = `fd:${fd} of ${pid}`;
    const task = tasks.get(seenName(pid));
    const [table, user] = [
      task?.resources?.table,
      task === undefined ? undefined : seenOr(() => task.credentials.user),
    ];
    const target = targetOf(record, of);
    const was = table === undefined ? undefined : all.get(table);
    if (table === undefined || was === undefined || user === undefined || target === undefined) continue;
    const key = files.freeKey();
    const flags = evidence.assume("opened", of, target.type === "pidfd" ? O_RDWR : O_LARGEFILE);
    files = files.count(key, reserved<OpenFile>({ target, opener: user }, { flags }), UNCOUNTED);
    const kept = closeOnExec ? was.kept : was.kept.add(fd);
    all = all.set(table, { descriptors: was.descriptors.set(fd, key), kept });
  }
  return { files, tables: all };

  function targetOf(record: DescriptorRecord, of: string): FileTarget | undefined {
    switch (record.what) {
      case "namespace": {
        const namespace = keyFor(record.namespace);
        return namespace === undefined ? undefined : { type: "namespace", namespace };
      }
      case "socket": {
        const net = keyFor(record.namespace);
        if (net === undefined) return undefined;
        type Socket = Extract<FileTarget, { type: "socket" }>;
        return reserved<Socket>({ type: "socket", net }, { family: unseen("descriptor", of) });
      }
      case "pidfd":
        return pidfdOf(record, of);
    }
  }
  function keyFor(id: NamespaceId | undefined): NsKey | undefined {
    return id === undefined ? undefined : keyOf(id);
  }
  function pidfdOf({ target }: PidfdDescriptor, of: string): PidfdTarget | undefined {
    const task = typeof target === "number" ? tasks.get(seenName(target)) : undefined;
    const seenIn = task === undefined ? undefined : seenOr(() => task.numbers.map(({ ns }) => ns));
    if (task === undefined || seenIn === undefined) return undefined;
    const thread = evidence.assume("opened", of, false);
    return reserved<PidfdTarget>({ type: "pidfd", task: task.name, seenIn }, { thread });
  }
}
