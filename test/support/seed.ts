/**
 * The seed of all random tests, so that one commit has one result: what fails in CI fails on the next desk, and a change
 * is judged by what it changed (docs/decisions/0020-one-seed-for-one-commit.md). The day the ioctls were first posted.
 */
const SEED = 20_160_726;

/**
 * The seed of a random run, which whoever uses it prints: that of the environment variable, else of `NSATLAS_SEED`
 * (`random` there draws a new one), else always the same.
 */
export function seedOf(variable: string): number {
  const given = process.env[variable] ?? process.env["NSATLAS_SEED"];
  if (given === "random") return Math.trunc(Math.random() * 0x7fffffff);
  return given === undefined ? SEED : Number(given);
}
