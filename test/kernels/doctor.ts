import { INTERFACE_NAMES, interfaceRow } from "../../src/abi/interfaces.ts";
import { atLeast } from "../../src/rules/release.ts";
import type { Part } from "./part.ts";
import { nsatlas } from "./program.ts";

interface Said {
  readonly name: string;
  readonly answer: string;
  readonly errno: string | null;
}

/** What `nsatlas doctor` says that this kernel answers, against the releases that src/abi gives. */
export const doctor: Part = {
  name: "doctor",
  seconds: 2,
  async *run({ release }) {
    const { status, stdout, stderr } = nsatlas(["doctor", "--json"]);
    if (status !== 0) throw new Error(`doctor ended with ${status}: ${stderr}`);
    const { interfaces } = JSON.parse(stdout).doctor as { interfaces: readonly Said[] };
    const answers = new Map(interfaces.map((one) => [one.name, one]));
    for (const name of INTERFACE_NAMES) {
      const { answer, errno } = answers.get(name) ?? { answer: "not asked", errno: null };
      const expected = atLeast(release, interfaceRow(name).since) ? "answers" : "missing";
      const says = errno === null ? answer : `${answer}, ${errno}`;
      yield { id: `doctor: ${name}`, says, should: answer === expected ? says : expected };
    }
  },
};
