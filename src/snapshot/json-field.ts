/** A field of a JSON value that anybody may have written; undefined where it has none of its own. */
export const field = (json: unknown, name: string): unknown =>
  typeof json === "object" && json !== null && Object.hasOwn(json, name) ? Reflect.get(json, name) : undefined;
