/** Facts that no case stands for, by id or by the beginning of ids, and why. */
export const UNCOVERED: readonly { readonly ids: string; readonly why: string }[] = [
  {
    ids: "ioctl.init.NS_MNT_GET_INFO.mnt",
    why: "It counts all mounts; those that are no namespace files are outside the model.",
  },
  { ids: "overflow.stat", why: "The model has no files with owners besides those of /proc." },
  { ids: "overflow.chown", why: "The model has no files with owners besides those of /proc." },
];
