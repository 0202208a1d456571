/** Compiles where the two types are one: each can stand for the other. */
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
export const same = <A, B>(verdict: Same<A, B>): Same<A, B> => verdict;
