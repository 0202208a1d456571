import { misread, parsed, type Parsed } from "./parsed.ts";

/** Whether processes of a user namespace may call setgroups(2). */
export type Setgroups = "allow" | "deny";

/** Reads /proc/PID/setgroups. Since Linux 3.19. Source: kernel/user_namespace.c proc_setgroups_show. */
export function parseSetgroups(text: string): Parsed<Setgroups> {
  if (text === "allow\n") return parsed("allow");
  if (text === "deny\n") return parsed("deny");
  return misread({ file: "setgroups", line: 1, text: text.split("\n", 1)[0] ?? "", expected: "allow\\n | deny\\n" });
}

export const formatSetgroups = (setgroups: Setgroups): string => `${setgroups}\n`;
