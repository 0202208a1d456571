import { constants, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { errnoName } from "../../src/abi/errnos.ts";
import * as calls from "../../src/kernel/live/holder-calls.ts";
import { openHolders } from "../../src/kernel/live/holders.ts";
import type { Native } from "../../src/kernel/live/native.ts";

/** Beside the guest's program, numbered in the order in which one needs the other: `4-bridge`. */
const FOLDER = join(import.meta.dirname, "modules");
/** finit_module(2) of x86-64, which the guests are. */
const FINIT_MODULE = 313;
/** Linux 5.17: the kernel unpacks it itself. include/uapi/linux/module.h */
const MODULE_INIT_COMPRESSED_FILE = 4;
/** A dummy0 that the driver makes as it is loaded would be the guest's own. */
const PARAMETERS: Readonly<Partial<Record<string, string>>> = { dummy: "numdummies=0" };
const UNPACKED: ReadonlySet<string> = new Set(["EINVAL", "ENOEXEC", "EOPNOTSUPP"]);
const LIMIT_MS = 60_000;

export const hasDrivers = (): boolean => existsSync(FOLDER);

/** Loads each, and gives what came of it: the module's name, with the errno where it is not loaded. */
export function loadDrivers(native: Native): string {
  using holders = openHolders(native, { limitMs: LIMIT_MS });
  const by = { holders, holder: holders.start() };
  const files = readdirSync(FOLDER).toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return files
    .map((file) => {
      const name = file.replace(/^\d+-/, "");
      const opened = calls.open(by, join(FOLDER, file), constants.O_RDONLY);
      if (!opened.ok) return `${name} ${opened.errno}`;
      const load = (flags: number): string => {
        const answer = holders.syscall(by.holder, FINIT_MODULE, [opened.value, PARAMETERS[name] ?? "", flags]);
        if (answer.state !== "done") return answer.state;
        return answer.ret < 0 ? errnoName(-answer.ret) : "";
      };
      // Older kernels' are not compressed, nor can these unpack them.
      const packed = load(MODULE_INIT_COMPRESSED_FILE);
      const errno = UNPACKED.has(packed) ? load(0) : packed;
      calls.close(by, opened.value);
      // EEXIST: it is there already.
      return errno === "" || errno === "EEXIST" ? name : `${name} ${errno}`;
    })
    .join(" ");
}
