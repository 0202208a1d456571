import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const EMULATOR = "qemu-system-x86_64";
/**
 * One that Node and every kernel run on, and no more: saving the registers of a newer one at each switch of tasks is a quarter of
 * what an emulated machine does. One processor, too: two wait for each other.
 */
const PROCESSOR = ["-cpu", "Nehalem", "-smp", "1"];
/** Enough for Node and the archive twice over. */
const MEMORY = "1G";
/** Without what makes real machines safe and emulated ones slow: two page tables a process, waits for idle CPUs. */
const QUICK = "mitigations=off rcupdate.rcu_expedited=1";
/** On a busy machine the emulated timer misses what the kernel expects of it at its start. */
const PATIENT = "no_timer_check";
const APPEND = `console=ttyS0 panic=-1 quiet loglevel=4 rdinit=/init ${QUICK} ${PATIENT}`;

/**
 * Boots a kernel with an archive as its root file system until it switches itself off. Gives what was written to the
 * second serial line, the console's text, and `ended`, how the emulator ended where that was not by itself. Without hardware support, so it works wherever the emulator does.
 */
export async function boot({ kernel, archive, limitMs }) {
  const folder = mkdtempSync(join(tmpdir(), "nsatlas-kernel-"));
  const leave = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", leave);
  const [initrd, text, records] = ["initrd", "console", "records"].map((name) => join(folder, name));
  try {
    writeFileSync(initrd, Buffer.concat(archive));
    const words = ["-accel", "tcg", ...PROCESSOR, "-m", MEMORY, "-nodefaults", "-no-user-config"];
    words.push("-display", "none", "-monitor", "none", "-no-reboot", "-serial", `file:${text}`);
    words.push("-serial", `file:${records}`, "-kernel", kernel, "-initrd", initrd, "-append", APPEND);
    const ended = await run(words, limitMs);
    return { ended, console: readFileSync(text, "utf8"), records: readFileSync(records, "utf8") };
  } finally {
    process.off("exit", leave);
    leave();
  }
}

/** How the emulator ended: undefined where all was well. */
function run(words, limitMs) {
  return new Promise((settle) => {
    const emulator = spawn(EMULATOR, words, { stdio: ["ignore", "inherit", "inherit"] });
    const clock = setTimeout(() => emulator.kill("SIGKILL"), limitMs);
    const stop = () => emulator.kill("SIGKILL");
    process.once("exit", stop);
    const end = (how) => {
      clearTimeout(clock);
      process.off("exit", stop);
      settle(how);
    };
    emulator.on("error", ({ message }) => end(`${EMULATOR} could not be started: ${message}`));
    emulator.on("exit", (status, signal) => {
      if (signal !== null) end(`it was ended after ${limitMs / 1000} s`);
      else end(status === 0 ? undefined : `${EMULATOR} ended with ${status}`);
    });
  });
}
