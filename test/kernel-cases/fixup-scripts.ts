import { ALL_CAPABILITIES, capBit, type Capability } from "../../src/abi/capabilities.ts";
import { CONSTANTS } from "../../src/abi/constants.ts";
import { taskName, type Call, type Value } from "../../src/kernel/call.ts";
import { clone, refused, setresuid, SHELL, write, type Line, type Script } from "./script.ts";

/** What changing ids does to capabilities, one id after the other. */
const BOX = "box";
const OF_FILES: readonly Capability[] = [
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_DAC_READ_SEARCH",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_LINUX_IMMUTABLE",
  "CAP_MKNOD",
  "CAP_MAC_OVERRIDE",
];
const FILES = OF_FILES.reduce((set, name) => set | capBit(name), 0n);
const ALL = ALL_CAPABILITIES;
const IDS = capBit("CAP_SETUID");
const KILL = capBit("CAP_KILL");
const MKNOD = capBit("CAP_MKNOD");
const SETPCAP = capBit("CAP_SETPCAP");
const IN_BOX: readonly Line[] = [
  [SHELL, clone(BOX, "user"), "done"],
  [SHELL, write(BOX, "uid_map", "0 0 10"), 6],
  [SHELL, write(BOX, "gid_map", "0 0 10"), 6],
];
const fsuid = (id: number): Call => ({ op: "setfsuid", id });
const ids = (real: number, effective: number, saved: number): Call => setresuid({ real, effective, saved });
const bits = (bits: number): Call => ({ op: "set-securebits", bits });
const capset = (effective: bigint, permitted: bigint): Call => ({ op: "capset", effective, permitted });
const shows = (effective: bigint, permitted: bigint): Line => {
  const reads: Value = { capabilities: { effective, permitted, inheritable: 0n } };
  return [BOX, { op: "capget", of: taskName(BOX) }, { reads }];
};
const { SECBIT_KEEP_CAPS, SECBIT_NO_SETUID_FIXUP, SECBIT_NOROOT } = CONSTANTS;

export const FIXUP_SCRIPTS: readonly Script[] = [
  {
    title: "the capabilities over files go and come with the file system uid, as far as they are permitted",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, fsuid(5), 0],
      shows(ALL & ~FILES, ALL),
      [BOX, fsuid(6), 5],
      shows(ALL & ~FILES, ALL),
      [BOX, fsuid(0), 6],
      shows(ALL, ALL),
      // From 0 to 0 nothing comes back, and what is not permitted does not come.
      [BOX, capset(IDS, ALL & ~capBit("CAP_CHOWN")), 0],
      [BOX, fsuid(0), 0],
      shows(IDS, ALL & ~capBit("CAP_CHOWN")),
      [BOX, fsuid(5), 0],
      shows(IDS, ALL & ~capBit("CAP_CHOWN")),
      [BOX, fsuid(0), 5],
      shows(IDS | (FILES & ~capBit("CAP_CHOWN")), ALL & ~capBit("CAP_CHOWN")),
    ],
  },
  {
    title: "a capability over files, raised in between, stays where the file system uid does not leave 0",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, fsuid(5), 0],
      [BOX, capset(IDS | MKNOD, ALL), 0],
      [BOX, fsuid(6), 5],
      shows(IDS | MKNOD, ALL),
      [BOX, fsuid(0), 6],
      [BOX, capset(IDS | MKNOD, ALL), 0],
      [BOX, fsuid(0), 0],
      shows(IDS | MKNOD, ALL),
    ],
  },
  {
    title: "what the effective uid was before decides, not what the file system uid was",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, fsuid(5), 0],
      [BOX, ids(0, 5, 0), 0],
      shows(0n, ALL),
      [BOX, capset(IDS, ALL), 0],
      [BOX, fsuid(0), 5],
      shows(IDS | FILES, ALL),
      [BOX, ids(-1, 0, -1), 0],
      shows(ALL, ALL),
    ],
  },
  {
    title: "with SECBIT_NO_SETUID_FIXUP ids change and capabilities stay; with any other bit they follow",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, bits(SECBIT_NOROOT), 0],
      [BOX, fsuid(5), 0],
      shows(ALL & ~FILES, ALL),
      [BOX, fsuid(0), 5],
      [BOX, bits(SECBIT_NO_SETUID_FIXUP), 0],
      [BOX, fsuid(5), 0],
      shows(ALL, ALL),
      [BOX, ids(5, 5, 5), 0],
      shows(ALL, ALL),
    ],
  },
  {
    title: "permitted capabilities go when the last of three ids leaves 0, effective ones when the effective does",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, bits(SECBIT_NOROOT), 0],
      [BOX, ids(5, 0, 5), 0],
      shows(ALL, ALL),
      [BOX, ids(0, 5, 5), 0],
      shows(0n, ALL),
      [BOX, ids(-1, 0, -1), 0],
      shows(ALL, ALL),
      [BOX, ids(5, 5, 0), 0],
      shows(0n, ALL),
      [BOX, capset(IDS | KILL, ALL), 0],
      [BOX, ids(5, 6, 0), 0],
      shows(IDS | KILL, ALL),
      [BOX, ids(5, 6, 5), 0],
      shows(0n, 0n),
    ],
  },
  {
    title: "who was not 0 before keeps what it has, and who was 0 in one id with SECBIT_KEEP_CAPS keeps the permitted",
    uid: 0,
    lines: [
      ...IN_BOX,
      [BOX, bits(SECBIT_KEEP_CAPS), 0],
      [BOX, ids(5, 5, 5), 0],
      shows(0n, ALL),
      [BOX, capset(IDS, ALL), 0],
      [BOX, bits(0), refused("EPERM", "no-setpcap")],
      [BOX, capset(IDS | SETPCAP, ALL), 0],
      [BOX, bits(0), 0],
      [BOX, ids(6, 6, 6), 0],
      shows(IDS | SETPCAP, ALL),
      [BOX, ids(6, 0, 6), 0],
      shows(ALL, ALL),
      // From 0 to 0 what was put down stays down.
      [BOX, capset(IDS, ALL), 0],
      [BOX, ids(0, 0, 0), 0],
      shows(IDS, ALL),
    ],
  },
];
