import type { Values } from "../options.ts";
import { ENTER_USAGE } from "../../messages/enter.ts";
import { USAGE, USAGE_HINTS } from "../../messages/usage.ts";
import type { Language } from "../../messages/sentence.ts";
import { EXIT } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { usageFailure } from "../usage.ts";
import type { ENTER_OPTIONS } from "./options.ts";
import type { Asked } from "./prepare.ts";

/** What the options come to. Throws for one that is left out on purpose, and for one that lacks what it needs. */
export function askedBy(values: Values<typeof ENTER_OPTIONS>, language: Language): Asked {
  if (values["follow-context"]) {
    const [reason, hint] = [ENTER_USAGE["no-selinux"][language], ENTER_USAGE["selinux-instead"][language]];
    throw new CommandFailure({ exit: EXIT.no, code: "UNSUPPORTED", reason, hint });
  }
  const { wdns } = values;
  if (wdns?.from === "target") {
    const reason = USAGE["option-needs-value"][language]({ option: "-W", takes: "DIR" });
    throw usageFailure(reason, USAGE_HINTS["see-help"][language]({ command: "enter" }));
  }
  return {
    target: values.target,
    namespaces: {
      kinds: {
        cgroup: values.cgroup,
        ipc: values.ipc,
        mnt: values.mount,
        net: values.net,
        pid: values.pid,
        time: values.time,
        user: values.user,
        uts: values.uts,
      },
      all: values.all,
      refs: values.ns,
      userParent: values["user-parent"],
      netSocket: values["net-socket"],
    },
    ids: {
      uid: values.setuid,
      gid: values.setgid,
      groups: values.groups,
      preserve: values["preserve-credentials"],
    },
    root: values.root,
    folder: values.wd,
    folderInside: wdns?.path,
    env: values.env,
    fork: values["no-fork"] ? "never" : "for-pid",
    waits: values.timeout !== undefined,
    joinCgroup: values["join-cgroup"],
    mountProc: values["mount-proc"],
    keepCaps: values["keep-caps"],
    noNewPrivs: values["no-new-privs"],
  };
}
