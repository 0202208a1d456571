import type { RealLines } from "./real-lines.ts";

/**
 * Lines of /proc/PID/cgroup of programs of Debian 12, each started on purpose and read while it ran. `hybrid`: on Linux 6.18
 * without systemd, where version 1 and 2 are mounted both. `unified`: on Debian's Linux 6.1.176 in an emulator, booted by
 * systemd 252.39, version 2 alone but for systemd's own hierarchy, which nspawn mounts for what it starts.
 */
const hybrid = (path: string): string =>
  ["9:name=systemd", "8:pids", "7:blkio", "6:freezer", "5:devices", "4:memory", "3:cpuset", "2:cpuacct", "1:cpu", "0:"]
    .map((hierarchy) => `${hierarchy}:${path}\n`)
    .join("");
const unified = (path: string): string => `0::${path}\n`;

export const RECORDED_LINES: readonly RealLines[] = [
  {
    from: "docker.io 20.10.24+dfsg1, cgroupfs driver: docker run",
    text: hybrid("/docker/c0d0df75c482c7b40861d996cbc74b281e21eb5051664bd45c0b42da6f43329c"),
    parts: ["container docker c0d0df75c482c7b40861d996cbc74b281e21eb5051664bd45c0b42da6f43329c docker-folder"],
  },
  {
    from: "podman 4.3.1 with runc 1.1.5, cgroupfs manager: podman run --rootfs",
    text: hybrid("/libpod_parent/libpod-13d02ac50cdf6717fe926d81270884b126df060a2b4eece82a10e31cbd01b7a4"),
    parts: ["container podman 13d02ac50cdf6717fe926d81270884b126df060a2b4eece82a10e31cbd01b7a4 libpod"],
  },
  {
    from: "containerd 1.6.20: ctr run, whose namespace is default",
    text: hybrid("/default/a00f9db16c2db26382e4e4f274672a48521e21f6598ae78ece0cf044c8874b28"),
    parts: ["container containerd a00f9db16c2db26382e4e4f274672a48521e21f6598ae78ece0cf044c8874b28 containerd-folder"],
  },
  {
    from: "containerd 1.6.20: ctr -n k8s.io run, with an id that is no engine's",
    text: hybrid("/k8s.io/c2"),
    parts: [],
  },
  { from: "lxc 5.0.2: lxc-start", text: hybrid("/lxc.payload.c1"), parts: ["container lxc c1 lxc-payload"] },
  { from: "lxc 5.0.2: lxc-start, the monitor", text: hybrid("/lxc.monitor.c1"), parts: ["monitor lxc c1 lxc-monitor"] },
  {
    from: "systemd-container 252.39: systemd-nspawn -M web-01",
    text: unified("/machine.slice/machine-web\\x2d01.scope/payload"),
    parts: ["machine - web-01 machine-scope"],
  },
  {
    from: "systemd-container 252.39: systemctl start systemd-nspawn@web-02",
    text: unified("/machine.slice/systemd-nspawn@web-02.service/payload"),
    parts: ["machine nspawn web-02 nspawn-service"],
  },
  {
    from: "systemd-container 252.39: the same, nspawn itself",
    text: unified("/machine.slice/systemd-nspawn@web-02.service/supervisor"),
    parts: ["machine nspawn web-02 nspawn-service"],
  },
  {
    from: "podman 4.3.1 with crun 1.8.1, systemd manager: podman run --rootfs",
    text: unified(
      "/machine.slice/libpod-a6bf9d4acf945354a34d888c0f7b727da0951c7bb4510e22fc0d67ea87b95a03.scope/container",
    ),
    parts: ["container podman a6bf9d4acf945354a34d888c0f7b727da0951c7bb4510e22fc0d67ea87b95a03 libpod"],
  },
  {
    from: "podman 4.3.1: its conmon 2.1.6",
    text: unified(
      "/machine.slice/libpod-conmon-a6bf9d4acf945354a34d888c0f7b727da0951c7bb4510e22fc0d67ea87b95a03.scope",
    ),
    parts: ["monitor podman a6bf9d4acf945354a34d888c0f7b727da0951c7bb4510e22fc0d67ea87b95a03 libpod-conmon"],
  },
  { from: "lxc 5.0.2: lxc-start -d", text: unified("/lxc.payload.c1"), parts: ["container lxc c1 lxc-payload"] },
  {
    from: "lxc 5.0.2: lxc-start -d, the monitor",
    text: unified("/lxc.monitor.c1"),
    parts: ["monitor lxc c1 lxc-monitor"],
  },
  {
    from: "systemd 252.39: systemd-run --unit=report@7.service",
    text: unified("/system.slice/system-report.slice/report@7.service"),
    parts: ["unit - report@7.service unit"],
  },
  {
    from: "systemd 252.39: systemd-run --scope --slice=machine.slice --unit=job",
    text: unified("/machine.slice/job.scope"),
    parts: ["unit - job.scope unit"],
  },
  {
    from: "systemd 252.39: systemd-run --user --unit=app-mail",
    text: unified("/user.slice/user-1000.slice/user@1000.service/app.slice/app-mail.service"),
    parts: ["user - 1000 user-manager", "unit - app-mail.service unit"],
  },
  {
    from: "podman 4.3.1, not as root: the process that keeps its namespaces",
    text: unified("/user.slice/user-1000.slice/user@1000.service/user.slice/podman-pause-b15c31a0.scope"),
    parts: ["user - 1000 user-manager", "unit - podman-pause-b15c31a0.scope unit"],
  },
  {
    from: "systemd 252.39, pam_systemd: a login",
    text: unified("/user.slice/user-1000.slice/session-c1.scope"),
    parts: ["session - c1 session"],
  },
];

/** Where programs of Debian 12 mounted namespace files, and what a mount says; likewise read while they ran. */
export const RECORDED_PINS: readonly { readonly from: string; readonly path: string; readonly part: string }[] = [
  {
    from: "docker.io 20.10.24+dfsg1: docker run --network none",
    path: "/run/docker/netns/0f7920b61ef3",
    part: "sandbox docker 0f7920b61ef3 docker-netns",
  },
  {
    from: "podman 4.3.1 as root: podman run --network slirp4netns",
    path: "/run/netns/netns-f050d6ba-9492-7faa-58b6-e75f397516d1",
    part: "sandbox podman netns-f050d6ba-9492-7faa-58b6-e75f397516d1 podman-netns",
  },
];
