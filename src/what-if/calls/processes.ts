import { taskName } from "../../kernel/call.ts";
import type { Clone3Arguments } from "../../rules/clone3-arguments.ts";
import type { Arguments } from "../arguments.ts";
import { descriptor, fileReference, inProc, isDescriptor } from "../references.ts";
import { plain, type Asked, type NamedForm } from "./form.ts";
import { MAP_FILES, SIGNALS, SYSCTLS } from "./words.ts";

/** The calls that make, enter, map and end. */
export const PROCESS_FORMS: readonly NamedForm[] = [
  ["setns", { form: "setns FILE [KIND]…", does: "enter it; a pidfd takes several kinds", read: setns }],
  [
    "unshare",
    {
      form: "unshare KIND…",
      does: "enter new ones; CLONE_ flags too",
      read: (args) => plain({ op: "unshare", flags: args.flags("clone-flag") }),
    },
  ],
  [
    "clone3",
    {
      form: "clone3 [KIND]… [set_tid=N,…] [exit_signal=N] as NAME",
      does: "a new process, in new namespaces of these kinds; CLONE_ flags too",
      read: clone3,
    },
  ],
  ["clone", { form: "clone [KIND]… as NAME", does: "the older call, which makes no time namespace", read: clone }],
  [
    "write",
    {
      form: 'write [PROCESS/]uid_map "0 1000 1" | fd:N TEXT',
      does: "fill an id map, or deny setgroups; timens_offsets too",
      read: write,
    },
  ],
  ["pwrite", { form: "pwrite fd:N OFFSET TEXT", does: "the same at a place in the file", read: pwrite }],
  ["read", { form: "read fd:N | PROCESS/status | PROCESS/timens_offsets", does: "what is in it", read }],
  [
    "sysctl",
    { form: "sysctl max_KIND_namespaces [N]", does: "read, or write, under /proc/sys/user; pid_max too", read: sysctl },
  ],
  ["listns", { form: "listns [KIND]… [after N]", does: "the ids of namespaces, those beyond N", read: listns }],
  ["execve", { form: "execve", does: "a program without special bits", read: () => plain({ op: "exec" }) }],
  [
    "chroot",
    {
      form: "chroot PATH",
      does: "another root",
      read: (args) => plain({ op: "chroot", path: args.word("path").text }),
    },
  ],
  ["pivot_root", { form: "pivot_root", does: "a root of its own", read: () => plain({ op: "pivot-root" }) }],
  ["getpid", { form: "getpid", does: "as the caller sees itself", read: () => plain({ op: "getpid" }) }],
  ["getppid", { form: "getppid", does: "its parent, as the caller sees it", read: () => plain({ op: "getppid" }) }],
  ["wait4", { form: "wait4 PROCESS", does: "reap a child that has ended", read: wait }],
  ["kill", { form: "kill PROCESS [SIGKILL|0]", does: "end it; 0: ask whether one may", read: kill }],
  ["exit", { form: "exit", does: "the whole process (exit_group)", read: () => plain({ op: "exit" }) }],
  ["exit_thread", { form: "exit_thread", does: "the thread alone", read: () => plain({ op: "exit-thread" }) }],
];

function setns(args: Arguments): Asked {
  const on = fileReference(args);
  const nstype = args.flags("kind");
  return { on, call: (_, fd) => ({ op: "setns", fd, nstype }) };
}

function clone3(args: Arguments): Asked {
  const flags = args.flags("clone-flag", (text) => text === "as" || SETTING.test(text));
  const given: { -readonly [Name in keyof Clone3Arguments]: Clone3Arguments[Name] } = {};
  for (let word = args.peek(); word !== undefined && word.text !== "as"; word = args.peek()) {
    const { name, value = "" } = SETTING.exec(word.text)?.groups ?? {};
    args.word("clone-flag");
    if (name === "set_tid" && NUMBERS.test(value)) given.setTid = value.split(",").map(Number);
    else if (name === "exit_signal" && NUMBER.test(value)) given.exitSignal = Number(value);
    else throw args.unlike(word, "clone-setting", ["set_tid=", "exit_signal="]);
  }
  const asked = Object.keys(given).length === 0 ? {} : { args: given };
  return newProcess(args, (as) => ({ op: "clone", flags, as, ...asked }));
}
const SETTING = /^(?<name>[a-z_]+)=(?<value>.*)$/;
const NUMBER = /^-?\d{1,10}$/;
const NUMBERS = /^-?\d{1,10}(,-?\d{1,10})*$/;

function clone(args: Arguments): Asked {
  const flags = args.flags("clone-flag", (text) => text === "as");
  return newProcess(args, (as) => ({ op: "legacy-clone", flags, as }));
}

function newProcess(args: Arguments, call: (as: ReturnType<typeof taskName>) => ReturnType<Asked["call"]>): Asked {
  if (!args.skip("as")) args.word("as");
  const as = args.word("new-name");
  if (!/^[\w.-]+$/.test(as.text)) throw args.unlike(as, "new-name");
  return { makes: as, call: () => call(taskName(as.text)) };
}

const OFFSETS = "timens_offsets";
function write(args: Arguments): Asked {
  if (isDescriptor(args.peek()?.text ?? "")) {
    const fd = descriptor(args);
    return plain({ op: "write-fd", fd, text: args.text() });
  }
  const { of, file } = inProc(args.word("map-file"));
  const map = MAP_FILES.get(file.text);
  if (map === undefined && file.text !== OFFSETS) throw args.unlike(file, "map-file", [...MAP_FILES.keys(), OFFSETS]);
  const text = args.text();
  return {
    call: (find) =>
      map === undefined
        ? { op: "write-timens-offsets", of: find.process(of), text }
        : { op: "write", of: find.process(of), file: map, text },
  };
}

function pwrite(args: Arguments): Asked {
  const fd = descriptor(args);
  const offset = args.number();
  return plain({ op: "pwrite", fd, offset, text: args.text() });
}

function read(args: Arguments): Asked {
  if (isDescriptor(args.peek()?.text ?? "")) return plain({ op: "read", fd: descriptor(args) });
  const { of, file } = inProc(args.word("file-to-read"));
  const op = TEXTS.get(file.text);
  if (op === undefined) throw args.unlike(file, "file-to-read", [...TEXTS.keys()]);
  return { call: (find) => ({ op, of: find.process(of) }) };
}
const TEXTS: ReadonlyMap<string, "status" | "read-timens-offsets"> = new Map([
  ["status", "status"],
  [OFFSETS, "read-timens-offsets"],
]);

function sysctl(args: Arguments): Asked {
  const name = args.choice(SYSCTLS, "sysctl");
  return plain(
    args.peek() === undefined ? { op: "read-sysctl", name } : { op: "write-sysctl", name, text: args.text() },
  );
}

function listns(args: Arguments): Asked {
  const types = args.flags("kind", (text) => text === "after");
  const after = args.skip("after") ? args.word("number") : undefined;
  if (after !== undefined && !/^\d{1,19}$/.test(after.text)) throw args.unlike(after, "number");
  return plain({ op: "listns", types, ...(after !== undefined && { after: BigInt(after.text) }) });
}

function wait(args: Arguments): Asked {
  const child = args.word("process");
  return { call: (find) => ({ op: "wait", child: find.process(child) }) };
}

function kill(args: Arguments): Asked {
  const of = args.word("process");
  const signal = args.peek() === undefined ? "SIGKILL" : args.choice(SIGNALS, "signal");
  return { call: (find) => ({ op: "kill", of: find.process(of), signal }) };
}
