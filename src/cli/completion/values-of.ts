import { CAPABILITIES } from "../../abi/capabilities.ts";
import { isKind, KINDS } from "../../abi/namespace-kinds.ts";
import { LINKS } from "../../abi/proc-links.ts";
import { VISIBLE_COMMANDS } from "../summaries.ts";
import { beginning, NOTHING, type Candidate, type Offer } from "./candidates.ts";

/** What completion looks at on the machine: cheap questions alone, none of which can hang. */
export interface Machine {
  /** Processes with their short names, by number. */
  processes(): readonly { readonly pid: number; readonly comm: string }[];
  /** Names under /run/netns. */
  networkNames(): readonly string[];
  /** The inodes of the namespaces that processes are in, and one process of each. */
  inodes(kind: string): readonly { readonly inode: string; readonly comm: string }[];
  operations(): readonly Candidate[];
  schemas(): readonly string[];
}

interface Typed {
  readonly typed: string;
  /** The operands in front. */
  readonly given: readonly string[];
}

/** What may stand where the help says REF, WHO, FILE …; `CAP|OPERATION` is either. */
export function valuesOf(shown: string, { typed, given }: Typed, machine: Machine): Offer {
  const offers = shown.split("|").map((name) => valuesFor(name, typed, machine, given));
  const shell = offers.find((offer) => offer.shell !== undefined)?.shell;
  const isOpen = offers.some(({ open }) => open === true);
  return {
    candidates: offers.flatMap(({ candidates }) => candidates),
    ...(shell !== undefined && { shell }),
    ...(isOpen && { open: true as const }),
  };
}

const FILES: Offer = { candidates: [], shell: "files" };

function valuesFor(name: string, typed: string, machine: Machine, given: readonly string[]): Offer {
  const among = (words: readonly Candidate[]): Offer => ({ candidates: beginning(typed, words) });
  switch (name) {
    case "REF":
    case "RESOURCE":
    case "FROM":
    case "TO":
      return references(typed, machine);
    case "WHO":
    case "PID":
    case "PROCESS":
    case "PID[:INODE]":
    case "PID:INODE":
      return among([
        ...(name === "WHO" ? [{ word: "self" }] : []),
        ...machine.processes().map(({ pid, comm }) => ({ word: String(pid), about: comm })),
      ]);
    case "CAP":
      return among(CAPABILITIES.map((word) => ({ word: word.replace(/^CAP_/, "").toLowerCase() })));
    case "OPERATION":
      return among([...machine.operations()]);
    case "COMMAND":
      return among(VISIBLE_COMMANDS.map(([word, about]) => ({ word, about })));
    case "NAME":
      return among(machine.schemas().map((word) => ({ word })));
    case "SHELL":
      return among([{ word: "bash" }, { word: "zsh" }, { word: "fish" }]);
    case "A":
    case "B":
      return { ...among([{ word: "live", about: "this machine as it is now" }]), shell: "files" };
    case "FILE":
    case "DIR":
      return FILES;
    case "ARGUMENT":
      return { candidates: [], shell: "command" };
    case "translate":
    case "overlaps":
      return given.length === 0 ? among([{ word: name }]) : NOTHING;
    case "enter":
    case "p":
    case "u":
      return among([{ word: name }]);
    default:
      return NOTHING;
  }
}

/** Step by step, as they are typed: `42/` has its links, `net:` its names and inodes, `/` files. */
function references(typed: string, machine: Machine): Offer {
  if (/^(?:\/|\.\.?\/)/.test(typed)) return FILES;
  const link = /^(self|\d+(?:\/\d+)?)\//.exec(typed);
  if (link !== null)
    return {
      candidates: beginning(
        typed,
        LINKS.map((word) => ({ word: `${link[1]}/${word}` })),
      ),
    };
  const [kind = "", rest] = [typed.split(":", 1)[0], typed.indexOf(":")];
  if (rest > 0 && isKind(kind)) {
    if (/^[a-z]+:\.{0,2}\//.test(typed)) return FILES;
    const names = kind === "net" ? machine.networkNames().map((name) => ({ word: `net:${name}` })) : [];
    const inodes = machine.inodes(kind).map(({ inode, comm }) => ({ word: `${kind}:[${inode}]`, about: comm }));
    return { candidates: beginning(typed, [...names, ...inodes]) };
  }
  const starts = [
    { word: "self/", about: "your own" },
    ...KINDS.map((word) => ({ word: `${word}:` })),
    ...machine.processes().map(({ pid, comm }) => ({ word: `${pid}/`, about: comm })),
  ];
  return { candidates: beginning(typed, starts), open: true };
}
