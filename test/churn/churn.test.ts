import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { prepare } from "../../scripts/prepare.js";
import { needs } from "../support/needs.ts";
import { seedOf } from "../support/seed.ts";
import { ROOT } from "../support/sources.ts";
import { lookBesideChurn, RATE, type View } from "./beside.ts";

const PROGRAMS = ".cache/churn";
const seed = seedOf("NSATLAS_CHURN_SEED");

interface Row {
  readonly view: View;
  readonly looks: number;
  readonly withoutNative?: boolean;
}
const ROWS: Row[] = [
  { view: "outside", looks: 70 },
  { view: "inside", looks: 110 },
  { view: "inside", looks: 20, withoutNative: true },
];

describe("looks at a machine where namespaces, processes, threads and mounts come and go", () => {
  const wanted = needs("root", "native", "package:gcc", "package:libc6-dev", "package:util-linux");
  beforeAll(async () => prepare({ folders: [PROGRAMS] }), 60_000);

  test.for(ROWS)(
    "$looks from $view, without a native half: $withoutNative",
    { timeout: 120_000, ...wanted },
    async (row) => {
      const { looks, churned } = await lookBesideChurn({ ...row, root: ROOT, programs: join(ROOT, PROGRAMS), seed });
      const where = `seed ${seed}: ${JSON.stringify({ looks, churned })}`;
      expect(looks.wrong, where).toEqual({});
      expect(looks, where).toMatchObject({ looks: row.looks, leftOpen: 0, children: 0 });
      expect(looks.heapMiB, where).toBeLessThan(8);
      // It was no quiet machine.
      expect(churned.namespaces / churned.seconds, where).toBeGreaterThan(RATE / 4);
      expect(looks.seen.vanished, where).toBeGreaterThan(0);
    },
  );
});
