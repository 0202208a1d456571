import { KINDS } from "../abi/namespace-kinds.ts";
import { LINKS } from "../abi/proc-links.ts";
import { UNSEEN } from "./finding-schemas.ts";
import { ASSUMED_FACTS, exactly, MISSING, PROOF_DEFS, VERDICT, WHO } from "./proof-schema.ts";

const { namespaceId, namespaceOrNull, missing } = PROOF_DEFS;
const REF = { $ref: "#/$defs/namespaceId" };
const PID = { type: "integer", minimum: 1 };
const PATH = { type: "array", items: { $ref: "#/$defs/step" } };
const PATH_OR_NULL = { anyOf: [PATH, { type: "null" }] };
const NAME = { description: "What a call opened, by which later ones take it.", type: "string" };
const op = (name: string): object => ({ const: name });

const LINK = { type: "string", enum: [...LINKS] };
const ID_OR_NULL = { description: "In the viewer's numbers; null: stays as it is.", type: ["integer", "null"] };

const STEP = exactly({
  by: { ...PID, description: "The process that makes the calls." },
  how: {
    oneOf: [
      exactly({ way: { enum: ["raise", "execute", "unshare"] } }),
      exactly({ way: op("become"), uid: ID_OR_NULL, gid: ID_OR_NULL }),
      exactly({ way: op("take-over"), pid: PID }),
      exactly({ way: op("look"), namespace: REF, pid: PID }),
      exactly({
        way: op("join"),
        namespace: REF,
        through: {
          oneOf: [
            exactly({ by: op("link"), pid: PID, link: LINK }),
            exactly({ by: op("link"), pid: PID, tid: PID, link: LINK }),
            exactly({ by: op("mount"), path: { type: "string" } }),
            exactly({ by: op("descriptor"), pid: PID, fd: { type: "integer", minimum: 0 } }),
            exactly({ by: op("taken-descriptor"), pid: PID, fd: { type: "integer", minimum: 0 } }),
          ],
        },
      }),
    ],
  },
  because: {
    oneOf: [
      exactly({ rule: { type: "string", enum: ["same-ids", "itself"] } }),
      exactly({ rule: { type: "string", enum: ["capability", "owner", "root"] }, user: REF }),
    ],
  },
  calls: {
    description: "In their order.",
    type: "array",
    items: {
      oneOf: [
        exactly({ op: op("open"), of: PID, link: LINK, gives: NAME }),
        exactly({ op: op("open"), of: PID, tid: PID, link: LINK, gives: NAME }),
        exactly({ op: op("open-path"), path: { type: "string" }, gives: NAME }),
        exactly({ op: op("dup"), on: NAME, gives: NAME }),
        exactly({ op: { enum: ["keep-caps", "exec"] } }),
        exactly({ op: { enum: ["setresuid", "setresgid"] }, id: { type: "integer" } }),
        exactly({ op: op("reopen"), of: PID, fd: { type: "integer", minimum: 0 }, gives: NAME }),
        exactly({ op: op("ioctl"), request: op("NS_GET_USERNS"), on: NAME, gives: NAME }),
        exactly({ op: op("setns"), on: NAME }),
        exactly({ op: op("pidfd_open"), of: PID, gives: NAME }),
        exactly({ op: op("pidfd_getfd"), on: NAME }),
        exactly({ op: op("pidfd_getfd"), on: NAME, fd: { type: "integer", minimum: 0 }, gives: NAME }),
        exactly({ op: op("capset"), permitted: { description: "16 hexadecimal digits.", type: "string" } }),
        exactly({ op: op("unshare"), flags: { type: "integer" } }),
      ],
    },
  },
  assumed: ASSUMED_FACTS,
});

/** The shape of what `reach --json` prints. */
export const REACH_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas reach",
  ...exactly({
    who: WHO,
    initial: {
      description: "CAP_SYS_ADMIN in the machine's first user namespace.",
      ...exactly({ verdict: VERDICT, steps: PATH }),
    },
    unshare: {
      description: "A user namespace of its own, and namespaces of these kinds in it.",
      ...exactly({
        verdict: VERDICT,
        kinds: { type: "array", items: { type: "string", enum: [...KINDS] } },
        steps: PATH,
        missing: MISSING,
      }),
    },
    reached: {
      description: "In the order of the snapshot. Shortest paths; no steps: it has it already; null: no way was found.",
      type: "array",
      items: exactly(
        {
          namespace: REF,
          kind: { type: "string", enum: [...KINDS] },
          inside: { description: "To be in it.", ...PATH_OR_NULL },
          admin: { description: "To have CAP_SYS_ADMIN over it.", ...PATH_OR_NULL },
          look: { description: "Mount namespaces: to see its files without being in it.", ...PATH },
        },
        ["look"],
      ),
    },
    untaken: {
      description: "Steps that were not taken: evidence about them is missing.",
      type: "array",
      items: exactly({ by: PID, pid: PID, missing: { $ref: "#/$defs/missing" } }, ["pid"]),
    },
    assumed: ASSUMED_FACTS,
    cut: { description: "The depth that was asked for left paths out.", type: "boolean" },
    gaps: UNSEEN,
  }),
  $defs: {
    step: STEP,
    namespaceId,
    namespaceOrNull,
    missing,
    Errno: { description: "As errno(3) has it.", type: "string" },
  },
};
