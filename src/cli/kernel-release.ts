import { NEWEST_RELEASE } from "../rules/release.ts";
import { WHAT_IF_KERNEL } from "../messages/what-if.ts";
import { POSTED_KERNELS } from "../rules/kernel-changes.ts";
import { single, type Reader } from "./options.ts";
import { notAmong } from "./values.ts";

const POSTED = Object.keys(POSTED_KERNELS);

/** A release, or the name of a kernel that was posted and never released so. */
const release: Reader<string> = (text) =>
  /^\d+\.\d+(\.\d+)?([-+].*)?$/.test(text) || POSTED.includes(text)
    ? { ok: true, value: text }
    : notAmong(text, POSTED, WHAT_IF_KERNEL);

/** `--kernel`, of every command that takes a world of the model. */
export const KERNEL_OPTION = single(
  "RELEASE",
  release,
  `the kernel the model behaves as; ${NEWEST_RELEASE} if not said`,
);
