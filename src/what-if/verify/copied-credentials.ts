import { CAPABILITIES, capBit } from "../../abi/capabilities.ts";
import { CONSTANTS } from "../../abi/constants.ts";
import type { TaskName } from "../../kernel/call.ts";
import type { NsKey, Task, World } from "../../kernel/model/world.ts";
import type { FullCredentials } from "../../rules/full-credentials.ts";
import type { Builder } from "./builder.ts";
import { onlyIds, type Footing, type Me } from "./footing.ts";
import { seenOr } from "../seen/evidence.ts";

type Ids = Pick<FullCredentials<NsKey>, "ruid" | "euid" | "suid" | "fsuid"> & Partial<FullCredentials<NsKey>>;

interface From {
  readonly footing: Footing;
  readonly me: Me;
}

/**
 * Takes somebody's ids, and keeps the power to go on: by a process in the namespaces it was started in. Whoever is not root
 * has one id, and stays it.
 */
export function takeIds(builder: Builder, as: TaskName, wanted: Ids, { footing, me }: From): void {
  const known = <T>(read: () => T): T | undefined => seenOr(read);
  const [euid, egid] = [known(() => wanted.euid), known(() => wanted.egid)];
  const only = onlyIds(footing, me);
  if (only !== undefined) {
    if (euid !== undefined && euid !== only.uid) builder.note(`uid ${euid}`);
    if (egid !== undefined && egid !== only.gid) builder.note(`gid ${egid}`);
    return;
  }
  builder.must(as, { op: "set-securebits", bits: CONSTANTS.SECBIT_NO_SETUID_FIXUP });
  const groups = known(() => wanted.groups);
  if (groups !== undefined) builder.try(as, { op: "setgroups", groups }, "setgroups");
  const three = (real: number | undefined, effective: number, saved: number | undefined) => ({
    real: real ?? effective,
    effective,
    saved: saved ?? effective,
  });
  if (egid !== undefined) {
    const ids = three(
      known(() => wanted.rgid),
      egid,
      known(() => wanted.sgid),
    );
    builder.try(as, { op: "setresgid", ids }, `gid ${egid}`);
    const fsgid = known(() => wanted.fsgid);
    if (fsgid !== undefined && fsgid !== egid) builder.try(as, { op: "setfsgid", id: fsgid }, `fsgid ${fsgid}`);
  }
  if (euid !== undefined) {
    const ids = three(
      known(() => wanted.ruid),
      euid,
      known(() => wanted.suid),
    );
    builder.try(as, { op: "setresuid", ids }, `uid ${euid}`);
    const fsuid = known(() => wanted.fsuid);
    if (fsuid !== undefined && fsuid !== euid) builder.try(as, { op: "setfsuid", id: fsuid }, `fsuid ${fsuid}`);
  }
  // Its files under /proc would be root's else.
  builder.must(as, { op: "set-dumpable", dumpable: true });
}

/** Gives up what somebody does not have, once it stands where that one does. */
export function takeCapabilities(
  builder: Builder,
  { memories }: World,
  { name, credentials, resources }: Task,
  { as, isTop, wish }: { readonly as: TaskName; readonly isTop: boolean; readonly wish: From },
): void {
  const permitted = seenOr(() => credentials.permitted);
  if (wish.footing === "user" && isTop) {
    if (permitted !== undefined && permitted !== 0n) builder.note(`capabilities of ${name}`);
  } else {
    const bounding = seenOr(() => credentials.bounding);
    for (const capability of bounding === undefined ? [] : CAPABILITIES) {
      if (bounding === undefined || (bounding & capBit(capability)) !== 0n) continue;
      builder.try(as, { op: "drop-bounding", capability }, `bounding set of ${name}`);
    }
    if (wish.footing === "root" && isTop) builder.must(as, { op: "set-securebits", bits: 0 });
    const effective = seenOr(() => credentials.effective);
    if (permitted !== undefined && effective !== undefined) {
      const inheritable = seenOr(() => credentials.inheritable) ?? 0n;
      builder.try(as, { op: "capset", effective, permitted, inheritable }, `capabilities of ${name}`);
    }
  }
  if (seenOr(() => credentials.noNewPrivs) === true) builder.must(as, { op: "set-no-new-privs" });
  const memory = resources === undefined ? undefined : memories.get(resources.memory);
  const dumpable = memory === undefined ? true : (seenOr(() => memory.dumpable) ?? true);
  builder.must(as, { op: "set-dumpable", dumpable });
}
