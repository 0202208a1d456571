import type { Kernel } from "../demo/demo.ts";
import { openLiveActor } from "../kernel/live/actor.ts";
import { HolderProgramError } from "../kernel/live/holder-program.ts";
import { loadNative } from "../kernel/live/load-native.ts";
import { runningRelease } from "../kernel/live/running-release.ts";
import { ModelActor } from "../kernel/model/actor.ts";
import { NEWEST_RELEASE } from "../rules/release.ts";
import { DEMO_SENTENCES } from "../messages/demo.ts";
import type { Language } from "../messages/sentence.ts";
import { noNativeText } from "../library/no-native-text.ts";

/** The running kernel, with processes of ours to make its calls; or why there are none. Whoever opens it ends it. */
export function openRunningKernel(language: Language): Kernel & Disposable {
  const none = (whyNone: string): Kernel & Disposable => ({ whyNone, [Symbol.dispose]: () => {} });
  const loaded = loadNative();
  if ("missing" in loaded) return none(noNativeText(loaded.missing, language));
  try {
    const actor = openLiveActor(loaded.native);
    return { actor, release: runningRelease(), [Symbol.dispose]: () => actor[Symbol.dispose]() };
  } catch (error) {
    if (!(error instanceof HolderProgramError)) throw error;
    return none(DEMO_SENTENCES["not-started"][language]({ cause: error.message }));
  }
}

/** A machine in memory of the running kernel's release, where there is one, and with the caller's uid. */
export function modelLike(kernel: Kernel): { readonly actor: ModelActor; readonly release: string } {
  const like = "release" in kernel ? kernel.release : NEWEST_RELEASE;
  return { actor: new ModelActor({ release: like, uid: process.geteuid?.() ?? 0 }), release: like };
}
