/** What a name is the name of. monitor: the process of an engine that watches over a container, and is not in it. */
export const TRACE_KINDS = [
  "container",
  "pod",
  "machine",
  "app",
  "unit",
  "session",
  "user",
  "slice",
  "monitor",
  "sandbox",
] as const;
export type TraceKind = (typeof TRACE_KINDS)[number];

/** Who gave it. Absent from a part where the form of its name is that of several. */
export const ENGINES = [
  "docker",
  "podman",
  "containerd",
  "cri-o",
  "kubernetes",
  "lxc",
  "nspawn",
  "libvirt",
  "flatpak",
  "snap",
  "cni",
] as const;
export type Engine = (typeof ENGINES)[number];

export const QOS_CLASSES = ["guaranteed", "burstable", "besteffort"] as const;
