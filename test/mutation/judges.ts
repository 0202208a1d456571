/**
 * Who judges: test files that ask the rules, mostly through the model. The running kernel gave the answers of the first
 * four too; of what other kernels do, the releases tell, from their sources and logs. Paths are below test/.
 */
export const JUDGES = [
  { name: "measured facts", file: "kernel/model/facts.test.ts" },
  { name: "kernel cases", file: "kernel/model/cases.test.ts" },
  { name: "calls that fail half-way", file: "kernel/model/half-way.test.ts" },
  { name: "random runs", file: "mutation/random-runs.ts" },
  { name: "releases", file: "kernel/model/creation-releases.test.ts" },
  { name: "releases", file: "kernel/model/credential-releases.test.ts" },
  { name: "releases", file: "kernel/model/file-releases.test.ts" },
  { name: "releases", file: "kernel/model/patched-series.test.ts" },
  { name: "releases", file: "kernel/model/row-releases.test.ts" },
  { name: "releases", file: "rules/kernel-changes.test.ts" },
  { name: "newer kernels", file: "kernel/model/newer.test.ts" },
  { name: "the rules alone", file: "rules/explain.test.ts" },
  { name: "the rules alone", file: "rules/credentials.test.ts" },
  { name: "the rules alone", file: "rules/relations.test.ts" },
  { name: "the rules alone", file: "rules/owner-uid.test.ts" },
  { name: "the rules alone", file: "rules/timens-offsets.test.ts" },
  { name: "the rules alone", file: "rules/release.test.ts" },
  { name: "the rules alone", file: "rules/posted.test.ts" },
] as const satisfies readonly { readonly name: string; readonly file: string }[];
