/**
 * Kernel releases as numbers, to say whether one has what came with another. Only the model and texts compare releases:
 * on the running kernel a call is tried, since distributions bring new calls to old numbers.
 */
export function atLeast(release: string, since: string): boolean {
  const [have, need] = [parts(release), parts(since)];
  for (const [place, wanted] of need.entries()) {
    const got = have[place] ?? 0;
    if (got !== wanted) return got > wanted;
  }
  return true;
}

/** "6.18.44-fc" is [6, 18, 44]. */
const parts = (release: string): number[] => (/^\d+(\.\d+)*/.exec(release)?.[0] ?? "0").split(".").map(Number);

/** The newest kernel that the rules were measured on: what the model behaves as where nobody says otherwise. */
export const NEWEST_RELEASE = "6.18";
