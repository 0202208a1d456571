/**
 * Kernel releases as numbers, to say whether one has what came with another. Only the model and texts compare releases:
 * on the running kernel a call is tried, since distributions bring new calls to old numbers; enter compares where both ways lead to the same.
 */
export function atLeast(release: string, since: string): boolean {
  const have = parts(release);
  for (const [place, wanted] of parts(since).entries()) {
    const got = have[place] ?? 0;
    if (got > wanted) return true;
    if (got < wanted) return false;
  }
  return true;
}

/** "6.18.44-fc" is [6, 18, 44]. Each is taken apart once: the model asks at every call. */
function parts(release: string): readonly number[] {
  const known = TAKEN_APART.get(release);
  if (known !== undefined) return known;
  const numbers = (/^\d+(\.\d+)*/.exec(release)?.[0] ?? "0").split(".").map(Number);
  TAKEN_APART.set(release, numbers);
  return numbers;
}
const TAKEN_APART = new Map<string, readonly number[]>();

/** The newest kernel that the rules were measured on: what the model behaves as where nobody says otherwise. */
export const NEWEST_RELEASE = "6.18";
