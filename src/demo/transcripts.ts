import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { TranscriptName } from "../messages/demo.ts";
import type { Relation } from "../messages/ns-show.ts";

/** Who is spoken of: the viewer, a process in new user and UTS namespaces, a shell in a new user namespace. */
export type Role = "you" | "sleeper" | "inside";

/** One command of a session: what it does, by whom. `text` is what a user would type for it, after the prompt. */
export type Command =
  | { readonly does: "start"; readonly by: Role; readonly as: Role; readonly kinds: readonly NamespaceKind[] }
  | {
      readonly does: "ns_show";
      readonly by: Role;
      readonly of: Role;
      readonly link: NamespaceKind;
      readonly relation: Relation;
    }
  | { readonly does: "readlink"; readonly by: Role; readonly of: Role; readonly link: NamespaceKind };
export interface Line {
  readonly text: string;
  readonly command: Command;
}

/** A shell session. It goes on where the one before ended: processes stay. */
export interface Transcript {
  readonly name: TranscriptName;
  readonly lines: readonly Line[];
}

/**
 * The sessions of ioctl_ns(2), EXAMPLES. Processes are called $pid and self, so that the same words can be typed again.
 */
export const TRANSCRIPTS: readonly Transcript[] = [
  {
    name: "own-parent",
    lines: [
      {
        text: "readlink /proc/self/ns/user",
        command: { does: "readlink", by: "you", of: "you", link: "user" },
      },
      {
        text: "ns_show /proc/self/ns/user p",
        command: { does: "ns_show", by: "you", of: "you", link: "user", relation: "parent" },
      },
    ],
  },
  {
    name: "new-owner",
    lines: [
      {
        text: "unshare -Uu sleep 1000 & pid=$!",
        command: { does: "start", by: "you", as: "sleeper", kinds: ["user", "uts"] },
      },
      {
        text: "ns_show /proc/$pid/ns/uts u",
        command: { does: "ns_show", by: "you", of: "sleeper", link: "uts", relation: "owner" },
      },
      {
        text: "readlink /proc/$pid/ns/user",
        command: { does: "readlink", by: "you", of: "sleeper", link: "user" },
      },
    ],
  },
  {
    name: "new-parent",
    lines: [
      {
        text: "readlink /proc/self/ns/user",
        command: { does: "readlink", by: "you", of: "you", link: "user" },
      },
      {
        text: "ns_show /proc/$pid/ns/user p",
        command: { does: "ns_show", by: "you", of: "sleeper", link: "user", relation: "parent" },
      },
    ],
  },
  {
    name: "from-inside",
    lines: [
      {
        text: 'PS1="inside$ " unshare -U sh',
        command: { does: "start", by: "you", as: "inside", kinds: ["user"] },
      },
      {
        text: "ns_show /proc/self/ns/user p",
        command: { does: "ns_show", by: "inside", of: "inside", link: "user", relation: "parent" },
      },
      {
        text: "ns_show /proc/self/ns/uts u",
        command: { does: "ns_show", by: "inside", of: "inside", link: "uts", relation: "owner" },
      },
    ],
  },
];

/** What a shell shows in front of a command. */
export const promptOf = ({ by }: Command): string => (by === "inside" ? "inside$ " : "$ ");
