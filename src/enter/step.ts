import type { ErrnoName } from "../abi/errnos.ts";

/**
 * What the launcher does, one step after the other, before it becomes the command; native/launch.h has the same names.
 * A plan is worked out before anything is done, so that it can be shown (`--dry-run`), judged and compared.
 */
export type Step = Doing & Marks;

/** How a step hangs together with others, and what it says. */
export interface Marks {
  /**
   * A mark, 1 to 63, that success sets; a step is skipped where its `skippedBy` is set, and may fail where its `mayFailBy`
   * is, or always.
   */
  readonly sets?: number;
  readonly skippedBy?: number;
  readonly mayFailBy?: number | "always";
  /** What is said where it fails; without it the launcher ends without a word. */
  readonly says?: Saying;
}

/** A number that was open when the launcher started, or a register that an `open` step filled (0 to 7). */
export type Fd = number | { readonly register: number };

/** A text as UTF-8, or bytes that need not be any: names of files and arguments are what the caller gave. No NUL. */
export type Bytes = string | Uint8Array;

type Doing =
  /** Signals by number: those ignored are, all others do what they do by default; and what is blocked. */
  | { readonly do: "signals"; readonly ignored: readonly number[]; readonly blocked: readonly number[] }
  /** The soft limit; never above the hard one. */
  | { readonly do: "rlimit"; readonly resource: number; readonly soft: bigint }
  | { readonly do: "prctl"; readonly option: number; readonly args: readonly number[] }
  /** `nstype`: one kind for a namespace file, any set of kinds for a pidfd; never 0. */
  | { readonly do: "setns"; readonly fd: Fd; readonly nstype: number }
  | { readonly do: "unshare"; readonly flags: number }
  | Fork
  /**
   * A process that stays where the launcher is now. It waits for `release` of the same register, which waits for it to
   * have carried out these steps. The register is not free for `open`.
   */
  | { readonly do: "helper"; readonly register: number; readonly steps: readonly Step[] }
  | { readonly do: "release"; readonly register: number }
  /** Opens with O_PATH: a folder to go to, or to name files in. */
  | { readonly do: "open"; readonly register: number; readonly path: Bytes }
  /** Writes in one piece: to the file `path` in the folder (or as the path itself says), else to `folder` itself. */
  | {
      readonly do: "write";
      readonly folder?: Fd;
      readonly path?: Bytes;
      readonly data: Bytes;
      /** A kernel that has no such file needs none. */
      readonly mayBeMissing?: boolean;
    }
  /** Runs newuidmap(1) or newgidmap(1), found by PATH, for the process that carries out the plan; by a helper. */
  | { readonly do: "map"; readonly program: string; readonly ranges: readonly number[] }
  | {
      readonly do: "mount";
      readonly source: Bytes;
      readonly target: Bytes;
      readonly type?: string;
      /** MS_*. */
      readonly flags: number;
      readonly data?: string;
    }
  | { readonly do: "chroot"; readonly path: Bytes }
  | { readonly do: "chdir"; readonly path: Bytes }
  | { readonly do: "fchdir"; readonly fd: Fd }
  | { readonly do: "close"; readonly fd: Fd }
  | { readonly do: "setgroups"; readonly gids: readonly number[] }
  | { readonly do: "setgid"; readonly gid: number }
  | { readonly do: "setuid"; readonly uid: number }
  /** Permitted capabilities become inheritable and ambient, and so outlive execve(2). Since Linux 4.3. */
  | { readonly do: "ambient" }
  | { readonly do: "hostname" | "domainname"; readonly name: string }
  /** Makes what it is asked for, until the stream ends: native/launch-serve.c. The folders are its own, from before it went. */
  | {
      readonly do: "serve";
      readonly stream: number;
      readonly rights: number;
      readonly descriptors: Fd;
      readonly namespaces: Fd;
    }
  | Exec;

/** A process for the command; the first one waits for it and ends as it does. */
export interface Fork {
  readonly do: "fork";
  /** The signal that the command's process gets when its parent ends; 0 or none: it lives on. */
  readonly killSignal?: number;
  /** Signals that the parent passes on to the command instead of taking them for itself, and those that it lets lie. */
  readonly forwarded?: readonly number[];
  readonly held?: readonly number[];
  /** Whether the parent stops when the command does, as nsenter has it; unshare does not. */
  readonly stopsAlong?: boolean;
  /** After so long the command gets SIGTERM, after the grace SIGKILL; ETIMEDOUT is said and the exit code is 124. */
  readonly timeoutMs?: number;
  readonly graceMs?: number;
  /** What the parent does before it waits. The command is killed where that fails. */
  readonly parent?: readonly Step[];
}

/** Becomes the command, found as execvp(3) finds it. Exit code 127 where there is none, 126 where it cannot be run. */
export interface Exec {
  readonly do: "exec";
  readonly argv: readonly Bytes[];
  /** `NAME=VALUE` each; without it what the launcher was given. */
  readonly env?: readonly Bytes[];
  /** Where it is not argv[0]. */
  readonly file?: Bytes;
}

/** Complete lines for stderr. In `otherwise`, ERRNO_NAME and ERRNO_TEXT stand for what the kernel will have said. */
export interface Saying {
  readonly rows?: Readonly<Partial<Record<ErrnoName, string>>>;
  readonly otherwise: string;
}
export const ERRNO_NAME = "\u0001";
export const ERRNO_TEXT = "\u0002";

export interface Plan {
  readonly steps: readonly Step[];
  /** Open descriptors that the command gets besides 0, 1 and 2. All others are closed first. */
  readonly keep: readonly number[];
  /** Signals that do their default in the command, though the caller may have ignored them. */
  readonly unignored?: readonly number[];
  /** A descriptor that takes a report of a failure, which is then not printed. */
  readonly report?: number;
  /** What the language has for ERRNO_TEXT. */
  readonly errnoText: (name: ErrnoName) => string;
}

/** The descriptors that the launcher must get, each once, by number, and whether the command gets it too. */
export function descriptorsOf(plan: Plan): readonly { readonly fd: number; readonly forCommand: boolean }[] {
  const found = new Map<number, boolean>();
  const add = (fd: Fd | undefined): void => {
    if (typeof fd === "number" && fd > 2) found.set(fd, false);
  };
  const visit = (step: Step): void => {
    if (step.do === "setns" || step.do === "fchdir") add(step.fd);
    else if (step.do === "write") add(step.folder);
    else if (step.do === "serve") [step.stream, step.rights].forEach(add);
    else if (step.do === "helper") step.steps.forEach(visit);
    else if (step.do === "fork") step.parent?.forEach(visit);
  };
  plan.steps.forEach(visit);
  add(plan.report);
  for (const fd of plan.keep) if (fd > 2) found.set(fd, true);
  return Array.from(found, ([fd, forCommand]) => ({ fd, forCommand })).toSorted((one, other) => one.fd - other.fd);
}
