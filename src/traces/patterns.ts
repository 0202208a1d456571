import type { Engine, TraceKind } from "./kinds.ts";

/** How one kind of folder is known. `name` (and `qos`) are groups of `folder`. */
export interface Pattern {
  readonly kind: TraceKind;
  readonly engine?: Engine;
  /** The folder's own name. */
  readonly folder: RegExp;
  /** That of the folder it lies in, where its own does not say enough. */
  readonly below?: RegExp;
  /** Only where a systemd manager puts its units: at its root, or below slices and nothing else. */
  readonly unit?: true;
  /** The name has systemd's escapes: `\x2d` is a hyphen. Source: systemd.unit(5), String Escaping for Inclusion. */
  readonly escaped?: true;
  /** Where it is written that they are so named. */
  readonly source: string;
}

const ID = "(?<name>[0-9a-f]{64})";
/** With underscores where a slice may have no hyphen; 32 digits alone for a static pod, whose uid is a hash. */
const POD = "pod(?<name>[0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})";

/**
 * The folders of cgroup hierarchies that engines, systemd and others make, each known by its name alone. The first row
 * that fits is taken. Every one is tested with a line of a real machine (test/traces: pasted
 * by others, or read from the real program).
 */
export const PATTERNS = {
  "kubepods-slice": {
    kind: "pod",
    engine: "kubernetes",
    folder: new RegExp(`^(?:[a-z0-9_]+-)*kubepods(?:-(?<qos>besteffort|burstable))?-${POD}\\.slice$`),
    source: "kubernetes pkg/kubelet/cm/cgroup_manager_linux.go ToSystemd, pod_container_manager_linux.go",
  },
  "kubepods-folder": {
    kind: "pod",
    engine: "kubernetes",
    folder: new RegExp(`^${POD}$`),
    below: /^(?:kubepods|(?<qos>besteffort|burstable))$/,
    source: "kubernetes pkg/kubelet/cm/cgroup_manager_linux.go ToCgroupfs, pod_container_manager_linux.go",
  },
  "docker-scope": {
    kind: "container",
    engine: "docker",
    folder: new RegExp(`^docker-${ID}\\.scope$`),
    source: "moby daemon/oci_linux.go WithCgroups: system.slice:docker:ID",
  },
  "docker-folder": {
    kind: "container",
    engine: "docker",
    folder: new RegExp(`^${ID}$`),
    below: /^docker$/,
    source: "moby daemon/oci_linux.go WithCgroups: /docker/ID",
  },
  "cri-containerd-scope": {
    kind: "container",
    engine: "containerd",
    folder: new RegExp(`^cri-containerd-${ID}\\.scope$`),
    source: "containerd internal/cri/server/podsandbox/helpers_linux.go getCgroupsPath: SLICE:cri-containerd:ID",
  },
  "nerdctl-scope": {
    kind: "container",
    engine: "containerd",
    folder: new RegExp(`^nerdctl-${ID}\\.scope$`),
    source: "nerdctl pkg/cmd/container/run_cgroup_linux.go: SLICE:nerdctl:ID",
  },
  "containerd-folder": {
    kind: "container",
    engine: "containerd",
    folder: new RegExp(`^${ID}$`),
    below: /^(?:default|k8s\.io)$/,
    source: "containerd pkg/oci/spec.go populateDefaultUnixSpec: /NAMESPACE/ID",
  },
  "crio-conmon": {
    kind: "monitor",
    engine: "cri-o",
    folder: new RegExp(`^crio-conmon-${ID}(?:\\.scope)?$`),
    source: "cri-o internal/config/cgmgr: crio-conmon-ID",
  },
  crio: {
    kind: "container",
    engine: "cri-o",
    folder: new RegExp(`^crio-${ID}(?:\\.scope)?$`),
    source: "cri-o internal/config/cgmgr: SLICE:crio:ID, PARENT/crio-ID",
  },
  "libpod-conmon": {
    kind: "monitor",
    engine: "podman",
    folder: new RegExp(`^libpod-conmon-${ID}(?:\\.scope)?$`),
    source: "podman libpod/oci_conmon_linux.go, libpod/oci_util.go createUnitName",
  },
  libpod: {
    kind: "container",
    engine: "podman",
    folder: new RegExp(`^libpod-${ID}(?:\\.scope)?$`),
    source: "podman libpod/container.go CgroupPath: libpod-ID.scope, libpod_parent/libpod-ID",
  },
  "libpod-pod-slice": {
    kind: "pod",
    engine: "podman",
    folder: new RegExp(`^[a-z0-9_]+-libpod_pod_${ID}\\.slice$`),
    source: "podman libpod/runtime_pod_linux.go: PARENT-libpod_pod_ID.slice",
  },
  "lxc-payload": {
    kind: "container",
    engine: "lxc",
    folder: /^lxc\.payload\.(?<name>.+)$/,
    source: "lxc src/lxc/cgroups/cgroup.h DEFAULT_PAYLOAD_CGROUP_PREFIX, since 4.0; LXD and Incus likewise",
  },
  "lxc-monitor": {
    kind: "monitor",
    engine: "lxc",
    folder: /^lxc\.monitor\.(?<name>.+)$/,
    source: "lxc src/lxc/cgroups/cgroup.h DEFAULT_MONITOR_CGROUP_PREFIX, since 4.0",
  },
  "lxc-payload-folder": {
    kind: "container",
    engine: "lxc",
    folder: /^(?<name>.+)$/,
    below: /^lxc\.payload$/,
    source: "lxc 3.1 src/lxc/cgroups/cgfsng.c: lxc.payload/NAME",
  },
  "lxc-monitor-folder": {
    kind: "monitor",
    engine: "lxc",
    folder: /^(?<name>.+)$/,
    below: /^lxc\.monitor$/,
    source: "lxc 3.1 src/lxc/cgroups/cgfsng.c: lxc.monitor/NAME",
  },
  "lxc-folder": {
    kind: "container",
    engine: "lxc",
    folder: /^(?<name>.+)$/,
    below: /^lxc$/,
    source: "lxc before 3.1: the pattern lxc/%n of lxc.system.conf(5); Proxmox VE: lxc/VMID",
  },
  "libvirt-scope": {
    kind: "machine",
    engine: "libvirt",
    folder: /^machine-(?:qemu|lxc)\\x2d\d+\\x2d(?<name>.+)\.scope$/,
    escaped: true,
    source: "libvirt docs/cgroups.rst: machine-qemu\\x2dID\\x2dNAME.scope",
  },
  "libvirt-folder": {
    kind: "machine",
    engine: "libvirt",
    folder: /^(?:qemu|lxc)-\d+-(?<name>.+)\.libvirt-(?:qemu|lxc)$/,
    source: "libvirt docs/cgroups.rst, without systemd: machine/qemu-ID-NAME.libvirt-qemu",
  },
  "machine-scope": {
    kind: "machine",
    folder: /^machine-(?<name>.+)\.scope$/,
    escaped: true,
    source: "systemd src/nspawn/nspawn-register.c, src/machine/machine-dbus.c: machine-NAME.scope",
  },
  "nspawn-service": {
    kind: "machine",
    engine: "nspawn",
    folder: /^systemd-nspawn@(?<name>.+)\.service$/,
    unit: true,
    escaped: true,
    source: "systemd-nspawn(1): machinectl start NAME is systemd-nspawn@NAME.service",
  },
  flatpak: {
    kind: "app",
    engine: "flatpak",
    folder: /^(?:app-)?flatpak-(?<name>.+)-\d+\.scope$/,
    unit: true,
    escaped: true,
    source: "flatpak common/flatpak-run.c flatpak_run_in_transient_unit; systemd.io DESKTOP_ENVIRONMENTS",
  },
  snap: {
    kind: "app",
    engine: "snap",
    folder: /^snap\.(?<name>[a-z0-9_-]+)\..+\.(?:scope|service)$/,
    unit: true,
    source: "snapd sandbox/cgroup/tracking.go, snap/naming: snap.NAME.APP-UUID.scope, snap.NAME.APP.service",
  },
  session: {
    kind: "session",
    folder: /^session-(?<name>[A-Za-z0-9]+)\.scope$/,
    unit: true,
    source: "systemd-logind: session-ID.scope, pam_systemd(8)",
  },
  "user-manager": {
    kind: "user",
    folder: /^user@(?<name>\d+)\.service$/,
    unit: true,
    source: "user@.service(5)",
  },
  unit: {
    kind: "unit",
    folder: /^_?(?<name>.+\.(?:service|scope|socket|mount|swap))$/,
    unit: true,
    source:
      "systemd src/basic/cgroup-util.c cg_path_decode_unit: the first folder below slices, `_` before it is an escape",
  },
  "id-folder": {
    kind: "container",
    folder: new RegExp(`^${ID}$`),
    source:
      "runc libcontainer/cgroups: the folder is named by the id; kubelet's and others' parents do not say the engine",
  },
} as const satisfies Record<string, Pattern>;

/** The slice that something is in directly: what is told where nothing else is. */
export const SLICE: Pattern = {
  kind: "slice",
  folder: /^(?<name>.+\.slice)$/,
  source: "systemd.slice(5)",
};

/** A bind mount of a namespace, by the path of the mount. */
export const PIN_PATTERNS = {
  "docker-netns": {
    kind: "sandbox",
    engine: "docker",
    folder: /^\/(?:var\/)?run\/docker\/netns\/(?!default$)(?<name>[^/]+)$/,
    source:
      "moby libnetwork/osl/namespace_linux.go GenerateKey: the first 12 digits of the sandbox's id; default is the host's",
  },
  "podman-netns": {
    kind: "sandbox",
    engine: "podman",
    folder: /^\/(?:var\/)?run\/(?:user\/\d+\/)?netns\/(?<name>netns-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
    source: "containers/common pkg/netns: /run/netns/netns-UUID, not as root XDG_RUNTIME_DIR/netns/netns-UUID",
  },
  "crio-pinns": {
    kind: "sandbox",
    engine: "cri-o",
    folder: /^\/(?:var\/)?run\/(?:ipc|uts|user|pid)ns\/(?<name>[^/]+)$/,
    source: "cri-o pinns/src/pinns.c, internal/config/nsmgr",
  },
  "cni-netns": {
    kind: "sandbox",
    engine: "cni",
    folder: /^\/(?:var\/)?run\/netns\/(?<name>cni-[0-9a-f-]+)$/,
    source: "containerd pkg/netns/netns_linux.go: cni-UUID",
  },
  "snap-mnt": {
    kind: "app",
    engine: "snap",
    folder: /^\/run\/snapd\/ns\/(?<name>[a-z0-9_-]+?)(?:\.\d+)?\.mnt$/,
    source: "snapd cmd/snap-confine/ns-support.c: NAME.mnt, NAME.UID.mnt",
  },
} as const satisfies Record<string, Pattern>;

export type PatternName = keyof typeof PATTERNS | keyof typeof PIN_PATTERNS | "slice";
export const PATTERN_NAMES: readonly PatternName[] = [
  ...(Object.keys(PATTERNS) as (keyof typeof PATTERNS)[]),
  ...(Object.keys(PIN_PATTERNS) as (keyof typeof PIN_PATTERNS)[]),
  "slice",
];
