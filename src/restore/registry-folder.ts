/** The folder below which is written what restores made: root's, and for an ordinary user below XDG_RUNTIME_DIR. */
export const REGISTRY_FOLDER = "/run/nsatlas";
