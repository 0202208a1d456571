/** Why a script cannot go on, in a sentence for whoever runs it. */
export class Explained extends Error {
  name = "Explained";
}

/** Everything a script says goes to stderr: stdout belongs to the program it prepares. */
export const say = (line) => process.stderr.write(`nsatlas: ${line}\n`);
