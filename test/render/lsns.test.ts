import { execFileSync, spawn, spawnSync, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { build } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NEWER_LSNS } from "../support/machine.ts";
import { needs } from "../support/needs.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";
import type { Asked } from "./list-wishes.ts";

/**
 * A few programs in a pid namespace with a /proc of its own, so that nobody else's processes come into the list: namespaces
 * of all kinds, nested ones, one mounted twice, one of another user, a hostile name. What others have mounted (an engine its
 * network namespaces) is taken off: we list it, and lsns does not unless asked, docs/lsns.md.
 */
const box = ({ more, sleeping }: { more: string; sleeping: number }) => String.raw`
umount --all --lazy --types nsfs,mqueue,proc; mount -t proc proc /proc
mount -t tmpfs none /mnt && touch /mnt/a /mnt/b
unshare -u sleep 100 & unshare -Ur -n sleep 101 &
unshare -i bash -c 'unshare -m sleep 102 & sleep 103; :' &
unshare --net=/mnt/a sleep 104 &
unshare -C bash -c $'exec -a "we\\\\x ird\nn\\\\ame\té日" sleep 105' &
unshare -Urpf --mount-proc unshare -Urpf --mount-proc sleep 106 &
setpriv --reuid 1234 --clear-groups unshare -Un sleep 107 &
${more}
until [ "$(grep -lx sleep /proc/[0-9]*/comm | wc -l)" = ${sleeping} ]; do sleep 0.1; done
mount --bind /mnt/a /mnt/b
echo ready
read _
`;
/** Without a process: lsns 2.38 does not see them. */
const NO_PROCESS = String.raw`
touch /mnt/c /mnt/d && unshare --net=/mnt/c true && unshare --uts=/mnt/d true
unshare -u bash -c 'exec 9</proc/self/ns/uts; exec nsenter --uts=/proc/1/ns/uts sleep 108' &
`;

const EVERY_COLUMN = "NS,TYPE,PATH,NPROCS,PID,PPID,COMMAND,UID,USER,NETNSID,NSFS,PNS,ONS";
const ASKED: Asked[] = [
  ...[
    "",
    "-r",
    "-J",
    "-l",
    "-n",
    "-u",
    "-T",
    "-Tparent",
    "-Tprocess",
    "-J -T",
    "-J -Tparent",
    "-r -T",
    "-n -r -o PID,NS",
  ],
  ...["-t uts -t ipc", "-t user", "-t user -T", "-p 1", "-p 1 -T", "-p 4000000", "-J -p 4000000", "-r -p 4000000"],
  ...[
    "-t net",
    "-t net -J",
    "-t net -o NS,NSFS,PID,COMMAND,NSFS",
    "-t net -W -o NS,NSFS,PID",
    "-t net -r -o NS,NSFS",
    "-t net -J -o NS,NSFS",
  ],
  ...["-l", "-J", "-r", "-T", "-u"].map((words) => `${words} -o ${EVERY_COLUMN}`),
]
  .map((words): Asked => ({ words: words.split(" ").filter((word) => word !== "") }))
  .flatMap((asked): Asked[] => [asked, { ...asked, charset: "ascii" }]);
const ON_TERMINALS: Asked[] = [30, 41, 47, 60, 80, 132].flatMap((width) =>
  [[], ["-T"], ["-u"], ["-r"], ["-o", "COMMAND,NS,NSFS,PID"], ["-l", "-o", "NS,COMMAND,COMMAND"]].map(
    (words): Asked => ({ words, width }),
  ),
);

/** Options and filters that the machine's own lsns does not have. */
const FILTERS = [
  "",
  'TYPE == "net"',
  "type eq 'net' or TYPE == 'uts' and NPROCS == 0",
  "! TYPE == 'net'",
  "NPROCS",
  "not PID",
  "!(NPROCS > 1)",
  "NPROCS >= 2.5",
  "PID == '0'",
  "PID < 1.5",
  "PID < 2",
  "PID != 5",
  "PID == false",
  "NSFS",
  "NSFS == ''",
  "NSFS != 'x'",
  "NSFS =~ '/mnt/[ab]'",
  "NETNSID == 'unassigned'",
  "COMMAND =~ '^sleep 10[[:digit:]]$'",
  "COMMAND !~ 'sl(e+){1,2}p|xx'",
  "COMMAND =~ 'ird.n'",
  "TYPE =~ '^(net|u[[:alpha:]]s)$' && NPROCS lt 2K",
  "TYPE == 'net' == true",
  "TYPE > 'pid' and TYPE <= \"user\"",
  "UID == 1234",
  "5 == '5'",
  "'x' == 5",
  "true",
  "NS > 4026531840 and ONS ne 0",
];
/** lsns 2.42 writes lines of a tree into its JSON where a namespace is mounted twice, so that it is none. */
const isDamaged = ({ words }: Asked): boolean =>
  words.includes("-J") && (words.includes("net") || words.some((word) => word.includes("NSFS")));
const ASKED_OF_NEWER: Asked[] = [
  ...ASKED.filter((asked) => !isDamaged(asked)),
  ...[
    ...["-P", "-P -J", "-P -T", "-P -r -t net", "-P -t net -o NS,NETNSID,NSFS", `-P -l -o ${EVERY_COLUMN}`],
    ...["-t pid -Tparent", "-t uts -Tparent", "-t net -t user -Tparent"],
  ].map((words) => ({ words: words.split(" ") })),
  ...FILTERS.map((filter) => ({ words: ["-l", "-o", EVERY_COLUMN, "-Q", filter] })),
  ...[["-T"], ["-Tparent"], ["-J"], ["-J", "-T"], ["-r"], []].flatMap((words) => [
    { words: [...words, "-Q", "NPROCS == 1"] },
    { words: [...words, "-Q", "TYPE != 'user'"] },
  ]),
];

/** What is in the box; ends with it. */
class Box implements AsyncDisposable {
  readonly #shell: ChildProcessByStdio<Writable, Readable, null>;
  /** Its first process, as we count pids. */
  readonly pid: number;

  constructor(shell: ChildProcessByStdio<Writable, Readable, null>, pid: number) {
    this.#shell = shell;
    this.pid = pid;
  }
  /** A command that runs in the box; what starts it stays outside and is in no list. */
  inside(...words: string[]): string[] {
    return ["nsenter", `--target=${this.pid}`, "--mount", "--pid", "--", ...words];
  }
  /** The end of its first process is the end of all in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#shell, "close");
    this.#shell.stdin.end();
    await ended;
  }
}

async function openBox(content: string): Promise<Box> {
  const words = ["--fork", "--pid", "--mount", "--mount-proc", "--kill-child", "bash", "-c", content];
  const shell = spawn("unshare", words, { stdio: ["pipe", "pipe", "inherit"] });
  for await (const text of shell.stdout) if (String(text).includes("ready")) break;
  const child = readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, "utf8");
  return new Box(shell, Number(child));
}

const LOCALES = { "utf-8": "C.UTF-8", ascii: "C" } as const;

function lsns(box: Box, lsnsProgram: string, { words, width, charset = "utf-8" }: Asked): string {
  const env = { ...process.env, LC_ALL: LOCALES[charset] };
  const [program = "", ...rest] = box.inside(lsnsProgram, ...words);
  if (width === undefined) return execFileSync(program, rest, { env, encoding: "utf8" });
  const command = `stty cols ${width}; ${[program, ...rest].join(" ")}`;
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], { env, encoding: "utf8" });
  return stdout.replaceAll("\r\n", "\n");
}

/** How wide columns are has changed since: words and their order count, not the blanks between. */
const oneBlank = (text: string): string => text.replaceAll(/ +/g, " ");
const COMPARED = [
  {
    version: "Debian 12's",
    program: "lsns",
    layout: (text: string) => text,
    content: box({ more: "", sleeping: 8 }),
    asked: [...ASKED, ...ON_TERMINALS],
    also: [],
  },
  {
    version: "the next Debian's",
    program: NEWER_LSNS,
    layout: oneBlank,
    content: box({ more: NO_PROCESS, sleeping: 9 }),
    asked: ASKED_OF_NEWER,
    also: ["newer-lsns"],
  },
] as const;

describe.each(COMPARED)(
  "nsatlas list and $version lsns of util-linux say the same",
  ({ program, layout, content, asked: all, also }) => {
    describe("in a box", needs("root", "native", "package:util-linux", ...also), () => {
      const repository = join(import.meta.dirname, "../..");
      let folder: TemporaryFolder;
      let box: Box;
      let ours: string[];

      beforeAll(async () => {
        folder = temporaryFolder();
        const bundle = join(folder.path, "list-here.mjs");
        await build({
          input: join(import.meta.dirname, "list-here.fixture.ts"),
          platform: "node",
          transform: { target: "node20" },
          output: { file: bundle, format: "esm" },
          logLevel: "silent",
        });
        box = await openBox(content);
        const asked = JSON.stringify(all);
        const [command = "", ...words] = box.inside(process.execPath, bundle, repository, asked);
        ours = JSON.parse(execFileSync(command, words, { encoding: "utf8" }));
      });
      afterAll(async () => {
        await box[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      });

      test("the box has what it should", () => {
        expect(ours[0]).toContain(String.raw`we\x5cx ird\x0an\ame\x09é日 105`);
      });

      // Both are one process in the box while they look, so even the numbers of processes are the same.
      test.each(all.map((asked, nth) => ({ ...asked, nth })))(
        "lsns $words in $width columns, $charset",
        ({ nth, ...asked }) => {
          expect(layout(ours[nth] ?? "")).toBe(layout(lsns(box, program, asked)));
        },
      );
    });
  },
);
