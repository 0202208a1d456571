/** A user id that no package claims; tests that run as root become it to look as an ordinary user does. */
export const ORDINARY_USER = { uid: 12345, gid: 12345 } as const;
