const ESCAPE = /(?:\\x[0-9a-f]{2})+/gi;

/**
 * A name without systemd's escapes: `\x2d` and its like are bytes of UTF-8, a hyphen is a slash only in names of paths,
 * which machines and apps are not. Bytes that are no UTF-8 stay as they are written. Source: systemd.unit(5).
 */
export const unescapeUnit = (text: string): string =>
  text.replaceAll(ESCAPE, (escapes) => {
    try {
      return decodeURIComponent(escapes.replaceAll(/\\x/gi, "%"));
    } catch {
      return escapes;
    }
  });
