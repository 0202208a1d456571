/** The seed of a random run: that of the environment variable, to repeat one, or a new one; whoever uses it prints it. */
export function seedOf(variable: string): number {
  const given = process.env[variable];
  return given === undefined ? Math.trunc(Math.random() * 0x7fffffff) : Number(given);
}
