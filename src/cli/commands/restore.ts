import { resolve } from "node:path";
import { RESTORE_FAILURES, RESTORE_TEXT, RESTORE_USAGE } from "../../messages/restore.ts";
import { USAGE_HINTS } from "../../messages/usage.ts";
import { build } from "../../restore/build.ts";
import { judge } from "../../restore/judge.ts";
import type { RegistryEntry } from "../../restore/registry-entry.ts";
import { Registry, registryFolder } from "../../restore/registry.ts";
import { undo } from "../../restore/undo.ts";
import { whoRestores } from "../../restore/who-restores.ts";
import { nativeHalf, unsupportedCall } from "../../library/native-half.ts";
import { onlyPins } from "../../topology/plan/only-pins.ts";
import { withoutUnheld } from "../../topology/plan/unheld.ts";
import { planRestore } from "../../topology/plan/plan.ts";
import { toJson } from "../../snapshot/json-text.ts";
import { brief } from "../brief.ts";
import { command, type Running } from "../command.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { CommandFailure } from "../failure.ts";
import { flag, many, single } from "../options.ts";
import { checkCrowd, checkImage } from "../restore/check-image.ts";
import { dryRunFailure, restoreFailure } from "../restore/failures.ts";
import { grantsHere } from "../restore/grants-here.ts";
import { foresee } from "../restore/foresee.ts";
import { listRestores } from "../restore/list.ts";
import { openExternals } from "../restore/externals.ts";
import { execWish, externalWish, nameOfFile, type ExternalWish } from "../restore/readings.ts";
import { sayMade, sayTrial } from "../restore/say.ts";
import { verifyMade } from "../restore/verify-made.ts";
import { readTopologyFile } from "../topology-file.ts";
import { usageFailure } from "../usage.ts";
import { anyText, path } from "../values.ts";

/** Builds a topology again. */
export const restore = command({
  name: "restore",
  operands: { shown: "[FILE]", least: 0, most: 1 },
  description: [
    "Builds what an image says: user namespaces with their maps and owners, everything they own, and processes that stand " +
      "where the recorded ones stood, with the same numbers, credentials and descriptors. A process does nothing and takes " +
      "two pages of memory; with --exec it becomes a command. All of it stays when nsatlas ends, until --undo.",
    "A dry run comes first: the model of the kernel carries every step out on this machine as it is, and whatever would be " +
      "refused is named before anything happens. Afterwards what is there is looked at and compared with the image.",
    "An ordinary user maps the own id, and by newuidmap and newgidmap those that /etc/subuid and /etc/subgid give.",
    "What is made is registered before it is there, in /run/nsatlas; an ordinary user's in XDG_RUNTIME_DIR or else " +
      "/tmp/nsatlas-UID. A restore that fails leaves nothing. One that was killed is cleaned up by --undo.",
  ],
  options: {
    name: single("NAME", anyText, "what to call it; without it the file's name"),
    "dry-run": flag("say what would be refused here, and do nothing", { short: "n" }),
    strict: flag("refuse an image that lacks anything, and not only what is needed"),
    exec: many("LABEL=COMMAND", execWish, "the process LABEL becomes this command, by /bin/sh -c"),
    external: many("KEY=REF", externalWish, "the namespace that the image calls external:KEY is REF here"),
    pin: single("DIR", path, "no processes: a bind mount DIR/LABEL keeps each namespace"),
    "no-verify": flag("do not compare afterwards"),
    undo: single("NAME", anyText, "take away what that restore made, and nothing else"),
    list: flag("say which restores there are", { short: "l" }),
  },
  exclusive: [
    ["undo", "list"],
    ["undo", "dry-run"],
    ["list", "dry-run"],
    ["pin", "exec"],
  ],
  formats: ["text"],
  examples: [{ line: "nsatlas restore --list", shows: "what was restored on this machine" }],
  async run(running, values, [file]) {
    const { language, env } = running;
    const wanted = [file, values.undo, values.list ? "list" : undefined].filter((one) => one !== undefined);
    if (wanted.length !== 1) {
      throw usageFailure(RESTORE_USAGE["file-or-name"][language], USAGE_HINTS["see-help"][language](SEE));
    }
    const registry = new Registry(registryFolder(env, process.geteuid?.() ?? 0));
    if (values.list) return listRestores(running, registry);
    if (values.undo !== undefined) return undoOne(running, registry, values.undo);
    return restoreFile(running, registry, { ...values, file: file ?? "-" });
  },
});
const SEE = { command: "restore" } as const;

interface Wish {
  readonly file: string;
  readonly name: string | undefined;
  readonly "dry-run": boolean;
  readonly strict: boolean;
  readonly "no-verify": boolean;
  readonly exec: readonly { readonly label: string; readonly command: string }[];
  readonly external: readonly ExternalWish[];
  readonly pin: string | undefined;
}

function native(language: Running["language"]) {
  const half = nativeHalf();
  if ("native" in half) return half.native;
  throw unsupportedCall("restore", language);
}

async function restoreFile(running: Running, registry: Registry, wish: Wish): Promise<ExitCode> {
  const { language } = running;
  const name = wish.name ?? nameOfFile(wish.file);
  if (name === undefined) {
    const reason = RESTORE_USAGE["no-name"][language]({ text: brief(wish.file) });
    throw usageFailure(reason, USAGE_HINTS["see-help"][language](SEE));
  }
  const addon = native(language);
  const read = await readTopologyFile(running, wish.file);
  const pinned = wish.pin === undefined ? undefined : resolve(wish.pin);
  const image = withoutUnheld(pinned === undefined ? read : onlyPins(read, pinned));
  const restorer = whoRestores();
  checkImage(image, { ...wish, restorer, language });
  using externals = await openExternals(running, image, wish.external);
  const commands = new Map(wish.exec.map(({ label, command: line }) => [label, line]));
  const plan = planRestore(image, restorer, { commands, externals: externals.targets });
  checkCrowd(plan, language);
  const foreseen = await foresee(running, plan);
  const refusals = [...foreseen.refusals, ...judge(addon, plan.steps, restorer, grantsHere)];
  const trial = { ...foreseen, refusals };
  if (wish["dry-run"]) return sayTrial(running, { name, plan, trial });
  if (trial.refusals.length > 0) throw dryRunFailure(trial.refusals, language);
  let entry: RegistryEntry;
  try {
    registry.prepare(process.geteuid?.() ?? 0);
    const otherwise = {
      commands: [...commands.keys()],
      ...(pinned !== undefined && { pinned }),
      externals: externals.named,
    };
    entry = build(addon, { name, plan, registry, otherwise });
  } catch (error) {
    registry.tidy();
    throw restoreFailure(error, { name, folder: registry.folder, language });
  }
  const verified = wish["no-verify"] ? undefined : await verifyMade(running, read, { entry });
  return sayMade(running, { image, entry, differences: verified?.differences });
}

function undoOne(running: Running, registry: Registry, name: string): ExitCode {
  const { out, language, format } = running;
  try {
    const undone = undo(native(language), registry, name);
    const { processes, mounts, files, left } = undone;
    if (left.length > 0) {
      const details = left.map(({ what, errno }) => `${what}: ${errno}`);
      throw new CommandFailure({
        exit: EXIT.refused,
        code: left[0]?.errno ?? "EBUSY",
        subject: name,
        reason: RESTORE_FAILURES.left[language],
        details,
      });
    }
    registry.tidy();
    const text = RESTORE_TEXT.undone[language]({ name, processes, mounts, files });
    out.write(format === "json" ? `${toJson({ undone: name, processes, mounts, files })}\n` : `${text}\n`);
    return EXIT.done;
  } catch (error) {
    registry.tidy();
    throw restoreFailure(error, { name, folder: registry.folder, language });
  }
}
