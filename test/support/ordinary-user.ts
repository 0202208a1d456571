/**
 * A user that no package claims, without supplementary groups (Node drops them with the uid); tests that run as root
 * become it to see what an ordinary user sees.
 */
export const ORDINARY_USER = { uid: 12345, gid: 12345 } as const;

/** The credentials for spawning as an ordinary user: who runs the tests as one stays who they are. */
export const asOrdinaryUser = (): Partial<typeof ORDINARY_USER> => (process.getuid?.() === 0 ? ORDINARY_USER : {});
