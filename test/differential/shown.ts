/** Any value of a call or an answer as text: JSON, where 64-bit numbers are hexadecimal. */
export const shown = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `0x${part.toString(16)}` : part)) ??
  "nothing";
