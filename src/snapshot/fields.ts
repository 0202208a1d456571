/** The fields of a record in the order of the text; what is undefined is left out. None can be forgotten. */
export type Fields<T> = { readonly [K in keyof Required<T>]: unknown };
