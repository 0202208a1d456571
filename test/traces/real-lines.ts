/**
 * Lines of /proc/PID/cgroup of real machines, as people pasted them into issue threads, documentation and tests of
 * monitoring programs; ids and names are theirs. A line is a whole one of the file; where a thread shows the path of a
 * folder below the mount of a hierarchy, it stands here behind the `0::` or `1:name=systemd:` of its hierarchy.
 */
export interface RealLines {
  /** Project, number of the thread or file, and the version where it says one. */
  readonly from: string;
  readonly text: string;
  /** `kind engine name pattern` of each part, a dash for no engine. */
  readonly parts: readonly string[];
}

export const REAL_LINES: readonly RealLines[] = [
  {
    from: "ctrsploit issue 280: Docker with the cgroupfs driver, both versions mounted",
    text: [
      "12:net_cls,net_prio:/docker/2403ccfe427f1dc7b6120dccb9ac58c2f8456950380d587a9f33ea7f00dd303d",
      "10:rdma:/",
      "1:name=systemd:/docker/2403ccfe427f1dc7b6120dccb9ac58c2f8456950380d587a9f33ea7f00dd303d",
      "0::/system.slice/containerd.service",
      "",
    ].join("\n"),
    parts: ["container docker 2403ccfe427f1dc7b6120dccb9ac58c2f8456950380d587a9f33ea7f00dd303d docker-folder"],
  },
  {
    from: "neuvector share/system/cgroup_test.go: Docker with the systemd driver, CentOS 7",
    text: "9:blkio:/system.slice/docker-9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d.scope\n",
    parts: ["container docker 9ec39b91f3d70e1beff50a308f77067065ea6be0d91a3378375056cd4422cf3d docker-scope"],
  },
  {
    from: "neuvector share/system/cgroup_test.go: Docker 1.x on Debian, the id at the root",
    text: "2:cpu:/4f797c539e6c745de61a93ca3ff892358ecbcaccd8414d5db545c38428142970\n",
    parts: ["container - 4f797c539e6c745de61a93ca3ff892358ecbcaccd8414d5db545c38428142970 id-folder"],
  },
  {
    from: "kontena/pharos-cluster issue 440: Kubernetes 1.10, dockershim, systemd driver",
    text: "1:name=systemd:/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod9692aa0e_748e_11e8_8dfa_76d458035df6.slice/docker-abddff03dfd7710c79a750ce3e730365cbb2c8247a974170c1062683bc3e9152.scope\n",
    parts: [
      "pod kubernetes 9692aa0e-748e-11e8-8dfa-76d458035df6 besteffort kubepods-slice",
      "container docker abddff03dfd7710c79a750ce3e730365cbb2c8247a974170c1062683bc3e9152 docker-scope",
    ],
  },
  {
    from: "moby issue 34584: Kubernetes 1.7, cgroupfs driver",
    text: "2:cpu:/kubepods/besteffort/pod9a18ffb8-8513-11e7-b26e-7e29fbe2a5a3/d28e0087cf8f3f0429f755d60b0de415b20fcf76736ded7bab6e30e7b739ee36\n",
    parts: [
      "pod kubernetes 9a18ffb8-8513-11e7-b26e-7e29fbe2a5a3 besteffort kubepods-folder",
      "container - d28e0087cf8f3f0429f755d60b0de415b20fcf76736ded7bab6e30e7b739ee36 id-folder",
    ],
  },
  {
    from: "opentelemetry-java issue 4507: containerd, kubelet with the systemd driver, runc with cgroupfs",
    text: [
      "11:perf_event:/kubepods-besteffort-pod0125ec2f_b64a_4868_8f5b_94b56cbab864.slice:cri-containerd:ee4b20e90ac7f42a10bd004d05646b13d8ab5e2c5e7cbc01abf8006bac016459",
      "10:blkio:/system.slice/containerd.service/kubepods-besteffort-pod0125ec2f_b64a_4868_8f5b_94b56cbab864.slice:cri-containerd:ee4b20e90ac7f42a10bd004d05646b13d8ab5e2c5e7cbc01abf8006bac016459",
      "",
    ].join("\n"),
    parts: [
      "unit - containerd.service unit",
      "pod kubernetes 0125ec2f-b64a-4868-8f5b-94b56cbab864 besteffort kubepods-slice",
      "container containerd ee4b20e90ac7f42a10bd004d05646b13d8ab5e2c5e7cbc01abf8006bac016459 cri-containerd-scope",
    ],
  },
  {
    from: "netdata issue 4868: containerd, systemd driver, a static pod",
    text: "1:name=systemd:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod187bff14cccb94f179e943eacce55bb3.slice/cri-containerd-c203a2647ef1ad78e990157c50331f3b6ef0b03336cf08535d6bf7faa5421415.scope\n",
    parts: [
      "pod kubernetes 187bff14cccb94f179e943eacce55bb3 burstable kubepods-slice",
      "container containerd c203a2647ef1ad78e990157c50331f3b6ef0b03336cf08535d6bf7faa5421415 cri-containerd-scope",
    ],
  },
  {
    from: "containerd/nri pull 227: kind, whose kubelet has a cgroup root of its own, version 2",
    text: "0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-besteffort.slice/kubelet-kubepods-besteffort-pod1e597579_417e_482f_bf65_5fe170c3aebd.slice/cri-containerd-d7dfb4a21fe1703a8537e60d5af248af729315d187b24a538102d14874c8117d.scope\n",
    parts: [
      "pod kubernetes 1e597579-417e-482f-bf65-5fe170c3aebd besteffort kubepods-slice",
      "container containerd d7dfb4a21fe1703a8537e60d5af248af729315d187b24a538102d14874c8117d cri-containerd-scope",
    ],
  },
  {
    from: "kubernetes issue 116534 (cadvisor): containerd with cgroupfs, namespace k8s.io",
    text: "0::/k8s.io/20ea6bf7e68b7f5eccda9ec6be7643d177efd69b6332d29bb1dbddc7907b0f06\n",
    parts: ["container containerd 20ea6bf7e68b7f5eccda9ec6be7643d177efd69b6332d29bb1dbddc7907b0f06 containerd-folder"],
  },
  {
    from: "falcosecurity/plugins pull 1378 (form; the id is that of the thread above): nerdctl, systemd driver",
    text: "0::/system.slice/nerdctl-20ea6bf7e68b7f5eccda9ec6be7643d177efd69b6332d29bb1dbddc7907b0f06.scope\n",
    parts: ["container containerd 20ea6bf7e68b7f5eccda9ec6be7643d177efd69b6332d29bb1dbddc7907b0f06 nerdctl-scope"],
  },
  {
    from: "runc issue 4620: CRI-O, systemd driver, version 1",
    text: "13:freezer:/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-poda5c1f8d5_1919_434d_add7_4afaafdaef89.slice/crio-5eed917563583925ffdbd40a64efb2aaffe58638e57add8becaf460fe74f5b1c.scope\n11:files:/\n",
    parts: [
      "pod kubernetes a5c1f8d5-1919-434d-add7-4afaafdaef89 burstable kubepods-slice",
      "container cri-o 5eed917563583925ffdbd40a64efb2aaffe58638e57add8becaf460fe74f5b1c crio",
    ],
  },
  {
    from: "nestybox/sysbox issue 618: CRI-O, cgroupfs driver",
    text: "6:cpuset:/kubepods/besteffort/pod1d572999-c9f3-45bd-b378-9df614214da6/crio-87554950a53dd2ed856512d201cec166fa6c5dbab20186489d6a0e8c13c20586\n",
    parts: [
      "pod kubernetes 1d572999-c9f3-45bd-b378-9df614214da6 besteffort kubepods-folder",
      "container cri-o 87554950a53dd2ed856512d201cec166fa6c5dbab20186489d6a0e8c13c20586 crio",
    ],
  },
  {
    from: "cri-o internal/config/cgmgr (form; the id is that of runc issue 4620): the monitor",
    text: "0::/system.slice/crio-conmon-5eed917563583925ffdbd40a64efb2aaffe58638e57add8becaf460fe74f5b1c.scope\n",
    parts: ["monitor cri-o 5eed917563583925ffdbd40a64efb2aaffe58638e57add8becaf460fe74f5b1c crio-conmon"],
  },
  {
    from: "minikube issue 11280: Kubernetes with CRI-O in a Docker container",
    text: "0::/docker/d6701ec289c56e4391acb11d07474b3139466857a305490575508a8b7a9fcf22/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod2ca4a155_3599_498d_bb9d_4446693fa3ea.slice/crio-358607a37e7ada357032e7f5729c9ae6a3efdb7962acbcbe47ff6a3c5506cb1c.scope\n",
    parts: [
      "container docker d6701ec289c56e4391acb11d07474b3139466857a305490575508a8b7a9fcf22 docker-folder",
      "pod kubernetes 2ca4a155-3599-498d-bb9d-4446693fa3ea besteffort kubepods-slice",
      "container cri-o 358607a37e7ada357032e7f5729c9ae6a3efdb7962acbcbe47ff6a3c5506cb1c crio",
    ],
  },
  {
    from: "systemd issue 11752: systemd in a Docker container, Ubuntu 18.04",
    text: "1:name=systemd:/docker/d3d81786f3e154c7c9d379bcc3d4bdb1c55a5ee824195be91b8a40e55fdebe3a/system.slice/opendkim.service\n",
    parts: [
      "container docker d3d81786f3e154c7c9d379bcc3d4bdb1c55a5ee824195be91b8a40e55fdebe3a docker-folder",
      "unit - opendkim.service unit",
    ],
  },
  {
    from: "podman pull 507: root, systemd driver",
    text: "1:name=systemd:/machine.slice/libpod-0411a2a82311fbc65b137ca550d5f7e6b6863bc734759be2f515b0b67062d49a.scope\n",
    parts: ["container podman 0411a2a82311fbc65b137ca550d5f7e6b6863bc734759be2f515b0b67062d49a libpod"],
  },
  {
    from: "podman pull 507: its monitor",
    text: "1:name=systemd:/machine.slice/libpod-conmon-0411a2a82311fbc65b137ca550d5f7e6b6863bc734759be2f515b0b67062d49a.scope\n",
    parts: ["monitor podman 0411a2a82311fbc65b137ca550d5f7e6b6863bc734759be2f515b0b67062d49a libpod-conmon"],
  },
  {
    from: "podman-pod-inspect(1) (slice and infra container of one pod), the path as podman issue 6400 has it: crun, a pod",
    text: "0::/machine.slice/machine-libpod_pod_0a7c8532b5e0fb5064b894cc1381a62b53253dd450ad088ef0822ce37efceb04.slice/libpod-c8eb89e97020858cda3a86bce68dc2a2e33f4aca26f6bac88d0feaa4b4a50f04.scope/container\n",
    parts: [
      "pod podman 0a7c8532b5e0fb5064b894cc1381a62b53253dd450ad088ef0822ce37efceb04 libpod-pod-slice",
      "container podman c8eb89e97020858cda3a86bce68dc2a2e33f4aca26f6bac88d0feaa4b4a50f04 libpod",
    ],
  },
  {
    from: "crun issue 376: rootless Podman's own processes, Ubuntu 20.04",
    text: "0::/user.slice/user-1000.slice/user@1000.service/user.slice/podman-6696.scope\n",
    parts: ["user - 1000 user-manager", "unit - podman-6696.scope unit"],
  },
  {
    from: "podman pull 4639, libpod/container.go (form; the id is that of pull 507): rootless",
    text: "0::/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-0411a2a82311fbc65b137ca550d5f7e6b6863bc734759be2f515b0b67062d49a.scope/container\n",
    parts: [
      "user - 1000 user-manager",
      "container podman 0411a2a82311fbc65b137ca550d5f7e6b6863bc734759be2f515b0b67062d49a libpod",
    ],
  },
  {
    from: "sysdig pull 801: LXC 2 on Ubuntu 16.10",
    text: "11:devices:/lxc/x1/system.slice/snapd.service\n9:hugetlb:/lxc/x1\n1:name=systemd:/lxc/x1/system.slice/snapd.service\n",
    parts: ["container lxc x1 lxc-folder", "unit - snapd.service unit"],
  },
  {
    from: "lxc issue 1820: LXC 2.1, the container's name as the thread has it",
    text: "11:memory:/user.slice\n9:cpuset:/lxc/yyz\n8:blkio:/user.slice\n",
    parts: ["container lxc yyz lxc-folder"],
  },
  {
    from: "lxc issue 3302: LXC 3.2, the monitor's folder",
    text: "0::/user.slice/user-1000.slice/session-4.scope/lxc.monitor/centos8\n",
    parts: ["session - 4 session", "monitor lxc centos8 lxc-monitor-folder"],
  },
  {
    from: "sysdig issue 1344, lxc issue 2782 (form; the name is that of lxc issue 3302): LXC 3.1",
    text: "9:cpuset:/lxc.payload/centos8\n",
    parts: ["container lxc centos8 lxc-payload-folder"],
  },
  {
    from: "imagecraft test of losetup: LXD, which names cgroups PROJECT_INSTANCE",
    text: "0::/lxc.payload.snapcraft_some-container\n",
    parts: ["container lxc snapcraft_some-container lxc-payload"],
  },
  {
    from: "lxc issue 4384: LXC 5, the monitor",
    text: "0::/lxc.monitor.node-ct\n",
    parts: ["monitor lxc node-ct lxc-monitor"],
  },
  {
    from: "ceems pull 377: libvirt, version 2, below OpenStack",
    text: "0::/machine.slice/machine-qemu\\x2d2\\x2dinstance\\x2d00000001.scope/libvirt\n",
    parts: ["machine libvirt instance-00000001 libvirt-scope"],
  },
  {
    from: "systemd issue 13629: libvirt's LXC without a scope",
    text: "4:cpu,cpuacct:/machine/lxc-1268-sl.libvirt-lxc\n1:name=systemd:/system.slice/libvirtd.service\n",
    parts: ["machine libvirt sl libvirt-folder"],
  },
  {
    from: "gist of a Rackspace engineer, 2014: libvirt's scope before it had a number",
    text: "1:name=systemd:/machine.slice/machine-qemu\\x2dinstance\\x2dc51f7c4b\\x2d12a1\\x2d4cfe\\x2d87e0\\x2d55b237ef31d2.scope\n",
    parts: ["machine - qemu-instance-c51f7c4b-12a1-4cfe-87e0-55b237ef31d2 machine-scope"],
  },
  {
    from: "systemd issue 18104 (form), systemd-nspawn(1): systemd in a container with its payload's folder",
    text: "0::/machine.slice/machine-rootfs.scope/payload/system.slice/dbus-broker.service\n",
    parts: ["machine - rootfs machine-scope", "unit - dbus-broker.service unit"],
  },
  {
    from: "systemd-nspawn(1), machinectl start (form; the name is that of systemd issue 4181): its service",
    text: "0::/machine.slice/systemd-nspawn@dev\\x2dweb\\x2d00000000.service/payload/init.scope\n",
    parts: ["machine nspawn dev-web-00000000 nspawn-service", "unit - init.scope unit"],
  },
  {
    from: "flatpak issue 6676",
    text: "0::/user.slice/user-1000.slice/user@1000.service/app.slice/app-flatpak-org.gnome.Recipes-273822986.scope\n",
    parts: ["user - 1000 user-manager", "app flatpak org.gnome.Recipes flatpak"],
  },
  {
    from: "snapd pull 10847, the path as snapd pull 16603 of systemd has it: a snap's app",
    text: "0::/user.slice/user-12345.slice/user@12345.service/app.slice/snap.test-snapd-policy-app-consumer.block-devices.f10f877c-1072-4caa-a0db-f095531d624f.scope\n",
    parts: ["user - 12345 user-manager", "app snap test-snapd-policy-app-consumer snap"],
  },
  {
    from: "snapd pull 11006: a snap's service in a quota group",
    text: "1:name=systemd:/snap.foo.slice/snap.go-example-webserver.webserver.service\n",
    parts: ["app snap go-example-webserver snap"],
  },
  {
    from: "systemd pull 16603: a login",
    text: "0::/user.slice/user-1000.slice/session-1.scope\n",
    parts: ["session - 1 session"],
  },
  {
    from: "xen-api pull 6150: a template's unit, other hierarchies at the root",
    text: "8:memory:/vm.slice\n5:freezer:/\n1:name=systemd:/vm.slice/qemu-datapath@199.service\n",
    parts: ["unit - qemu-datapath@199.service unit"],
  },
  {
    from: "kontena/pharos-cluster issue 440: a process in a slice itself",
    text: "11:cpuacct,cpu:/system.slice\n1:name=systemd:/system.slice\n",
    parts: ["slice - system.slice slice"],
  },
  {
    from: "inspektor-gadget pull 3085 (its form of a path from a pod's own cgroup namespace; the ids are those of netdata issue 4868)",
    text: "0::/../../../kubepods-burstable.slice/kubepods-burstable-pod187bff14cccb94f179e943eacce55bb3.slice/cri-containerd-c203a2647ef1ad78e990157c50331f3b6ef0b03336cf08535d6bf7faa5421415.scope\n",
    parts: [
      "pod kubernetes 187bff14cccb94f179e943eacce55bb3 burstable kubepods-slice",
      "container containerd c203a2647ef1ad78e990157c50331f3b6ef0b03336cf08535d6bf7faa5421415 cri-containerd-scope",
    ],
  },
  {
    from: "cgroup namespaces: a process in its own root",
    text: "0::/\n",
    parts: [],
  },
];
