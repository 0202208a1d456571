import { COMM_BYTES } from "./native.ts";

/** The names of rows one after the other, each filled up with NUL; the last byte stays NUL. */
export function nameColumn(rows: readonly { readonly comm: Uint8Array }[]): Uint8Array {
  const bytes = new Uint8Array(rows.length * COMM_BYTES);
  for (const [row, { comm }] of rows.entries()) bytes.set(comm.subarray(0, COMM_BYTES - 1), row * COMM_BYTES);
  return bytes;
}
