/** Whether this machine has a kernel to ask. */
export const onLinux = process.platform === "linux";
