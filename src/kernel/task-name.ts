declare const brand: unique symbol;
/** A task's name in a world: chosen by whoever clones it, the same on every kernel, so that answers can be compared. */
export type TaskName = string & { readonly [brand]: "TaskName" };
export const taskName = (name: string): TaskName => name as TaskName;
