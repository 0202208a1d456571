import { HOSTS } from "../messages/hosts.ts";
import { toJson } from "../snapshot/json-text.ts";
import type { Snapshot } from "../snapshot/types.ts";
import type { Context } from "./context.ts";
import type { ExitCode } from "./exit-codes.ts";
import { NOT_SEEN, type Failure } from "./failure.ts";
import { note } from "./note.ts";
import { failureFields, failureJson, failureText } from "./report.ts";
import { hostOf, shownHost } from "./snapshot-files.ts";
import { push } from "../snapshot/push.ts";

/**
 * The answers of many hosts to one question: each below the host's name, which is the file's, and the boot it was written in,
 * for an inode means something within one boot only. What a command says besides stands below the same name on standard error.
 * As JSON one document, of the schema "hosts".
 */
export class HostAnswers {
  readonly #context: Context;
  readonly #asJson: boolean;
  readonly #hosts: object[] = [];
  /** The files of each boot. */
  readonly #boots = new Map<string, string[]>();
  /** Where what was named was not seen. */
  readonly #lacking: string[] = [];

  constructor(context: Context, asJson: boolean) {
    this.#context = context;
    this.#asJson = asJson;
  }

  /** Asks one host, and prints its answer. Throws what the question throws, and prints nothing then. */
  async take(file: string, snapshot: Snapshot, ask: (to: Context) => Promise<ExitCode>): Promise<ExitCode> {
    const { out, err } = this.#context;
    const [answer, said]: [string[], string[]] = [[], []];
    const code = await ask({
      ...this.#context,
      out: { isTerminal: out.isTerminal, columns: out.columns, write: (text) => void answer.push(text) },
      err: { isTerminal: false, columns: err.columns, write: (text) => void said.push(text) },
    });
    const text = answer.join("");
    if (this.#asJson)
      this.#hosts.push({ ...placeFields(file, snapshot), answer: text === "" ? null : JSON.parse(text) });
    else out.write(`${heading(file, snapshot)}${text}`);
    if (said.length > 0) err.write(`${heading(file, snapshot)}${said.join("")}`);
    this.#counts(file, snapshot);
    return code;
  }

  /** Tells why one host has no answer. That it does not have what was named is told of all such hosts together. */
  fail(file: string, failure: Failure, snapshot: Snapshot | undefined): void {
    const { err, language } = this.#context;
    if (this.#asJson) this.#hosts.push({ ...placeFields(file, snapshot), error: failureFields(failure) });
    if (failure.code === NOT_SEEN) this.#lacking.push(shownHost(file));
    else err.write(this.#asJson ? failureJson(failure) : failureText(failure, language));
    if (snapshot !== undefined) this.#counts(file, snapshot);
  }

  #counts(file: string, { viewpoint: { bootId } }: Snapshot): void {
    if (bootId === undefined) return;
    push(this.#boots, bootId, shownHost(file));
  }

  /** Prints what there is to say of all of them. */
  end(): void {
    const { out, err, language } = this.#context;
    if (this.#asJson) out.write(`${toJson({ hosts: this.#hosts })}\n`);
    const hosts = this.#lacking;
    const notes = [
      ...(hosts.length === 0 ? [] : [HOSTS["not-on"][language]({ count: hosts.length, hosts })]),
      ...[...this.#boots.values()]
        .filter((files) => files.length > 1)
        .map((files) => HOSTS["same-boot"][language]({ files })),
    ];
    for (const sentence of notes) note(err, sentence);
  }
}

function heading(file: string, { viewpoint: { bootId }, takenAt }: Snapshot): string {
  return `==> ${shownHost(file)} (${[...(bootId === undefined ? [] : [bootId]), takenAt].join(", ")}) <==\n`;
}

const placeFields = (file: string, snapshot: Snapshot | undefined): object => ({
  host: hostOf(file),
  file,
  bootId: snapshot?.viewpoint.bootId ?? null,
  takenAt: snapshot?.takenAt ?? null,
});

const TEXT = { type: "string" };
const place = {
  host: { description: "The name of the file without .json.", ...TEXT },
  file: { description: "As it was named, or found in the folder.", ...TEXT },
  bootId: { description: "null: the snapshot does not say, or could not be read.", type: ["string", "null"] },
  takenAt: { description: "UTC, ISO 8601; null: it could not be read.", type: ["string", "null"] },
};

/** The shape of what commands print as JSON where `--from` names several files, or a folder. */
export const HOSTS_JSON_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "nsatlas: one question over many snapshots",
  type: "object",
  required: ["hosts"],
  additionalProperties: false,
  properties: {
    hosts: {
      description: "In the order of the files; those of a folder by name.",
      type: "array",
      items: {
        type: "object",
        required: ["host", "file", "bootId", "takenAt"],
        oneOf: [{ required: ["answer"] }, { required: ["error"] }],
        additionalProperties: false,
        properties: {
          ...place,
          answer: { description: "What the command prints as JSON for this snapshot alone; null: nothing." },
          error: {
            description: "Why there is none: as the schema error has it.",
            type: "object",
            required: ["code", "syscall", "subject", "reason", "hint"],
            properties: { code: TEXT },
          },
        },
      },
    },
  },
} as const;
