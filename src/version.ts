/** The version of this package; a test sees that package.json says the same. */
export const VERSION = "0.1.0";
