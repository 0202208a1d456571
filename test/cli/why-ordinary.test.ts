import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { needs } from "../support/needs.ts";
import { asOrdinaryUser } from "../support/ordinary-user.ts";
import { ordinaryUser } from "../support/viewers.ts";

/** What `why --json` says would let go. */
interface Release {
  readonly do: string;
  readonly pid?: number;
  readonly fd?: number;
  readonly path?: string;
  readonly hiddenBy?: string;
}

/**
 * A shell in a user and a mount namespace that an ordinary user made, where there may be one uts namespace more and no second
 * one: whether it has ended, the kernel itself tells by letting another be made.
 */
class Box implements Disposable {
  readonly #shell: ChildProcessWithoutNullStreams = spawn("unshare", ["-Urm", "sh"], {
    ...asOrdinaryUser(),
    cwd: "/",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" },
  });
  readonly #answers = createInterface(this.#shell.stdout)[Symbol.asyncIterator]();

  /** Runs a line, and gives the one line it prints. */
  async ask(line: string): Promise<string> {
    this.#shell.stdin.write(`${line}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error(`the shell ended at ${line}`);
    return value;
  }
  async endsSoon(): Promise<boolean> {
    const again =
      "n=0; until unshare -u true 2>/dev/null; do sleep 0.1; n=$((n+1)); [ $n -lt 100 ] || break; done; echo $n";
    return Number(await this.ask(again)) < 100;
  }
  isThere = async (): Promise<boolean> => (await this.ask("unshare -u true 2>/dev/null; echo $?")) !== "0";
  [Symbol.dispose](): void {
    this.#shell.kill("SIGKILL");
  }
}

const OTHER = 'until [ "$(readlink /proc/$p/ns/uts)" != "$(readlink /proc/$$/ns/uts)" ]; do sleep 0.05; done';
const HELD = `unshare -u sleep 100 >/dev/null 2>&1 & p=$!; ${OTHER}`;

/** How it is held, by a line of the shell that prints the namespace's link, and what `why` has to say. */
const ROWS: Readonly<Record<string, { readonly make: string; readonly release: Partial<Release> }>> = {
  "a process": { make: `${HELD}; readlink /proc/$p/ns/uts`, release: { do: "end-process" } },
  "an open file": {
    make: `${HELD}; exec 7</proc/$p/ns/uts; kill $p; wait $p; readlink /proc/$$/fd/7`,
    release: { do: "close", fd: 7 },
  },
  "a mount in another mount namespace": {
    make: `mount -t tmpfs none /mnt && >/mnt/pin; ${HELD}; mount --bind /proc/$p/ns/uts /mnt/pin; l=$(readlink /proc/$p/ns/uts); kill $p; wait $p; echo $l`,
    release: { do: "unmount", path: "/mnt/pin" },
  },
  "a mount that a FIFO lies on": {
    make: `mount -t tmpfs none /mnt && >/mnt/pin; ${HELD}; mount --bind /proc/$p/ns/uts /mnt/pin; l=$(readlink /proc/$p/ns/uts); kill $p; wait $p; mkfifo /mnt/fifo; mount --bind /mnt/fifo /mnt/pin; echo $l`,
    release: { do: "unmount", path: "/mnt/pin", hiddenBy: "/mnt/pin" },
  },
};

describe(
  "what why tells an ordinary user to do ends the namespace",
  needs("ordinary-user", "native", "package:util-linux"),
  () => {
    test.each(Object.entries(ROWS))("held by %s", async (_, { make, release }) => {
      using box = new Box();
      const shell = Number(await box.ask("echo 1 >/proc/sys/user/max_uts_namespaces; echo $$"));
      expect(await box.endsSoon()).toBe(true);
      const link = await box.ask(make);
      expect(link).toMatch(/^uts:\[\d+\]$/);
      expect(await box.isThere()).toBe(true);

      const { code, stdout, stderr } = await ordinaryUser.nsatlas(["why", link, "--json"]);
      expect([code, stderr]).toEqual([0, ""]);
      const holders: readonly { readonly release: Release }[] = JSON.parse(stdout).holders;
      expect(holders.map((one) => one.release)).toMatchObject([release]);
      expect(await box.isThere()).toBe(true);

      const [{ release: told } = failing()] = holders;
      if (told.do === "close") expect(told.pid).toBe(shell);
      const done = {
        "end-process": `kill ${told.pid}; wait`,
        close: `exec ${told.fd}<&-`,
        unmount: [told.hiddenBy ?? [], told.path]
          .flat()
          .map((path) => `umount ${path}`)
          .join("; "),
      };
      const line = Object.entries(done).find(([name]) => name === told.do)?.[1] ?? failing();
      await box.ask(`${line}; echo done`);
      expect(await box.endsSoon()).toBe(true);
    });
  },
);

function failing(): never {
  throw new Error("nothing that anybody can do is told");
}
