import { notShownText, REMEDIES } from "../messages/doctor.ts";
import { INTERFACE_TEXTS } from "../messages/interfaces.ts";
import type { Language } from "../messages/sentence.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** The diagnosis for programs: what is unknown is null; sentences are in the user's language. */
export function doctorJson(diagnosis: Diagnosis, language: Language): object {
  const { source, takenAt, kernel, caller, proc, settings, limits, interfaces, missing } = diagnosis;
  return {
    doctor: {
      source,
      ...(takenAt === undefined ? {} : { takenAt }),
      kernel,
      caller: {
        ...caller,
        capabilities: caller.capabilities ?? null,
        noNewPrivs: caller.noNewPrivs ?? null,
        seccomp: caller.seccomp ?? null,
      },
      proc: { ...proc, hidepid: proc.hidepid ?? null },
      settings: Object.fromEntries(
        Object.entries(settings).map(([name, one]) => [name, "value" in one ? one : { errno: one.refused }]),
      ),
      limits,
      interfaces: interfaces.map(({ errno, ...one }) => ({
        ...one,
        errno: errno ?? null,
        use: INTERFACE_TEXTS[one.name].use[language],
        without: INTERFACE_TEXTS[one.name].without[language],
      })),
      missing: missing.map((one) => ({
        what: notShownText(one, language),
        kind: one.kind,
        source: "source" in one ? one.source : "what" in one ? one.what : null,
        count: "count" in one ? (one.count ?? null) : null,
        errno: "errno" in one ? one.errno : null,
        reveals: one.reveals.map((name) => ({ name, by: REMEDIES[name].by, text: REMEDIES[name][language] })),
      })),
    },
  };
}
