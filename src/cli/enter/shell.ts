/** What runs where no command is given: the user's shell, told by a dash in front of its name that it is to log in. */
export interface Shell {
  readonly file: string;
  readonly name: string;
}

/** Source: nsenter(1); _PATH_BSHELL of paths.h. */
export function loginShell(env: Readonly<Record<string, string | undefined>>): Shell {
  const file = env["SHELL"] ?? "/bin/sh";
  return { file, name: `-${file.slice(file.lastIndexOf("/") + 1)}` };
}
