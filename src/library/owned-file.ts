import type { NamespaceKind } from "../abi/namespace-kinds.ts";
import type { RelationIoctl } from "../kernel/call.ts";
import type { NsFile, Observer } from "../kernel/observer.ts";
import type { Language } from "../messages/sentence.ts";
import type { Outcome, Refused } from "../rules/outcome.ts";
import { identityOf, type Identity } from "./identity.ts";
import { unsupportedCall } from "./native-half.ts";
import { refusedQuestion } from "./refused-question.ts";

/** Who is asked, and in which language errors speak. */
export interface Asking {
  readonly observer: Observer;
  readonly language: Language;
}

/** Owns an open namespace file and closes it once; what is asked of it gives a value or throws. */
export class OwnedFile<K extends NamespaceKind> implements Disposable {
  readonly identity: Identity<K>;
  readonly asking: Asking;
  readonly #via: string | undefined;
  #file: NsFile | undefined;

  /** `via`: how the caller came to it, such as a path; undefined where it was another namespace that led to it. */
  constructor(kind: K, file: NsFile, asking: Asking, via?: string) {
    this.identity = identityOf(kind, file.id);
    this.asking = asking;
    this.#via = via;
    this.#file = file;
  }

  ask<T>(request: RelationIoctl, question: (file: NsFile) => Outcome<T>): T {
    const answer = this.tell(question);
    if (answer.ok) return answer.value;
    throw this.refusal(request, answer);
  }

  /** The same, with refusals as values. TypeError: the file was closed. */
  tell<T>(question: (file: NsFile) => Outcome<T>): Outcome<T> {
    if (this.#file === undefined) throw new TypeError(`this ${this.identity.kind} namespace was closed`);
    return question(this.#file);
  }

  refusal(request: RelationIoctl, refused: Refused): Error {
    const { language } = this.asking;
    if (refused.reason === "no-native-half") return unsupportedCall(`ioctl ${request}`, language);
    return refusedQuestion({ request, ...this.identity, via: this.#via }, refused, language);
  }

  [Symbol.dispose](): void {
    const file = this.#file;
    this.#file = undefined;
    file?.[Symbol.dispose]();
  }
}
