import type { IdExtent } from "../procfs/id-map.ts";
import type { Ids } from "../procfs/status.ts";
import type { StatusRecord } from "./types.ts";

/** The fields of a record in the order of the text; what is undefined is left out. None can be forgotten. */
export type Fields<T> = { readonly [K in keyof Required<T>]: unknown };

/** The values that there are, in the order of `keys`. */
export function inKeyOrder<K extends string, V>(keys: readonly K[], values: Readonly<Partial<Record<K, V>>>): object {
  const ordered: Partial<Record<K, V>> = {};
  for (const key of keys) if (values[key] !== undefined) ordered[key] = values[key];
  return ordered;
}

type Sets = StatusRecord["capabilities"];
export const capabilityFields = ({ inheritable, permitted, effective, bounding, ambient }: Sets): Fields<Sets> => ({
  inheritable,
  permitted,
  effective,
  bounding,
  ambient,
});
export const idsFields = ({ real, effective, saved, fs }: Partial<Ids>): Fields<Ids> => ({
  real,
  effective,
  saved,
  fs,
});
export const extentFields = ({ inside, outside, count }: IdExtent): Fields<IdExtent> => ({ inside, outside, count });
