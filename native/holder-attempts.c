/* The calls that `holder try` makes. Headers may be older than a call: its number and structs stand here then. */
#include "holder-try.h"
#include <asm/socket.h>
#include <linux/fcntl.h>
#include <linux/ioctl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#ifndef __NR_statmount
#define __NR_statmount 457
#define __NR_listmount 458
#endif
#ifndef __NR_listns
#define __NR_listns 470
#endif

#define NSFS(number) _IO(0xb7, number)
#define NSFS_READ(number, size) _IOC(_IOC_READ, 0xb7, number, size)
#define PIDFS(number) _IO(0xff, number)
#define PIDFD_INFO _IOC(_IOC_READ | _IOC_WRITE, 0xff, 11, 64)
#define SKNS 0x894c
#define FD_NSFS -10003
#define KCMP_OPEN_FILES 2
#define UNIQUE_MOUNT_ID 0x4000
#define WAIT_NOT 0x40

static long closed(long fd) {
  if (fd >= 0) SC(close, fd);
  return fd;
}

/* An ioctl whose result is a number, or written to memory. */
static long tell(long fd, unsigned long request) {
  uint64_t answer[64] = {0};
  return SC(ioctl, fd, request, answer);
}
/* One that gives a descriptor. */
static long give(long fd, unsigned long request) { return closed(SC(ioctl, fd, request, 0)); }
/* One of the two that give a descriptor, and write. */
static long give_and_tell(long fd, unsigned long request) {
  uint64_t answer[2] = {16};
  return closed(SC(ioctl, fd, request, answer));
}
/* One that takes a process's number: our own. */
static long translate(long fd, unsigned long request) { return SC(ioctl, fd, request, own_number()); }

static long just_there(long fd, unsigned long unused) {
  (void)unused;
  return fd;
}
static long open_pidfd(long unused, unsigned long flags) {
  (void)unused;
  return closed(SC(pidfd_open, own_number(), flags));
}
static long take_descriptor(long pidfd, unsigned long unused) {
  (void)unused;
  return closed(SC(pidfd_getfd, pidfd, pidfd, 0));
}
static long signal_nothing(long pidfd, unsigned long unused) {
  (void)unused;
  return SC(pidfd_send_signal, pidfd, 0, NULL, 0);
}
static long compare_files(long unused, unsigned long what) {
  (void)unused;
  return SC(kcmp, own_number(), own_number(), what, 0, 0);
}
static long cookie(long socket, unsigned long unused) {
  uint64_t value;
  uint32_t size = sizeof value;
  (void)unused;
  return SC(getsockopt, socket, SOL_SOCKET, SO_NETNS_COOKIE, &value, &size);
}

/* Which number our own network namespace has here: RTM_GETNSID. The kernel answers before sendto returns. */
static long network_number(long socket, unsigned long unused) {
  struct {
    struct nlmsghdr head;
    struct rtgenmsg family;
    char padding[3];
    struct rtattr attribute;
    uint32_t fd;
  } request = {.head = {.nlmsg_len = sizeof request, .nlmsg_type = RTM_GETNSID, .nlmsg_flags = NLM_F_REQUEST},
               .attribute = {.rta_len = sizeof(struct rtattr) + 4, .rta_type = 3 /* NETNSA_FD */}};
  union {
    struct nlmsghdr head;
    char bytes[512];
  } answer;
  (void)unused;
  long net = SC(openat, AT_FDCWD, "/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
  if (net < 0) return net;
  request.fd = (uint32_t)net;
  long result = SC(sendto, socket, &request, sizeof request, 0, NULL, 0);
  if (result >= 0) result = SC(recvfrom, socket, &answer, sizeof answer, WAIT_NOT, NULL, NULL);
  SC(close, net);
  if (result < 0 || answer.head.nlmsg_type != NLMSG_ERROR) return result;
  return ((struct nlmsgerr *)NLMSG_DATA(&answer.head))->error;
}

/* struct statx: the first word says what was filled in, the unique mount id is at 144. */
static long mount_id_of_root(uint64_t *id) {
  union {
    uint32_t mask;
    uint64_t words[32];
  } status = {0};
  long result = SC(statx, AT_FDCWD, "/", 0, UNIQUE_MOUNT_ID, &status);
  *id = status.words[18];
  if (result < 0) return result;
  return status.mask & UNIQUE_MOUNT_ID ? 0 : -EOPNOTSUPP;
}
static long stat_extended(long unused, unsigned long mask) {
  uint64_t status[32];
  (void)unused;
  return SC(statx, AT_FDCWD, "/", 0, mask, status);
}
static long unique_mount_id(long unused, unsigned long unused_too) {
  uint64_t id;
  (void)unused, (void)unused_too;
  return mount_id_of_root(&id);
}

/* struct mnt_id_req: 24 bytes at first, 32 with the id of a mount namespace. */
struct mount_request {
  uint32_t size, spare;
  uint64_t mount, parameter, namespace;
};
static long list_mounts(long unused, unsigned long size) {
  struct mount_request request = {.size = (uint32_t)size, .mount = UINT64_MAX};
  uint64_t ids[4];
  (void)unused;
  return SC(listmount, &request, ids, 4, 0);
}
static long list_mounts_of(long mounts, unsigned long size) {
  struct mount_request request = {.size = (uint32_t)size, .mount = UINT64_MAX};
  uint64_t ids[4];
  long result = SC(ioctl, mounts, NSFS_READ(5, 8), &request.namespace);
  return result < 0 ? result : SC(listmount, &request, ids, 4, 0);
}
static long stat_mount(long unused, unsigned long wish) {
  struct mount_request request = {.size = 24, .parameter = wish};
  uint64_t answer[128];
  (void)unused;
  /* Without the id the kernel finds no such mount, and says so. */
  mount_id_of_root(&request.mount);
  return SC(statmount, &request, answer, sizeof answer, 0);
}

struct handle {
  uint32_t size;
  int32_t type;
  char bytes[128];
};
static long handle_of(long fd, struct handle *handle) {
  int mount;
  handle->size = sizeof handle->bytes;
  return SC(name_to_handle_at, fd, "", handle, &mount, AT_EMPTY_PATH);
}
static long make_handle(long fd, unsigned long unused) {
  struct handle handle;
  (void)unused;
  return handle_of(fd, &handle);
}
static long open_handle(long fd, unsigned long unused) {
  struct handle handle;
  (void)unused;
  long result = handle_of(fd, &handle);
  return result < 0 ? result : closed(SC(open_by_handle_at, FD_NSFS, &handle, O_RDONLY | O_CLOEXEC));
}

/* struct ns_id_req, its first version. */
static long list_namespaces(long unused, unsigned long unused_too) {
  struct {
    uint32_t size, spare;
    uint64_t after;
    uint32_t kinds, spare_too;
    uint64_t owner;
  } request = {.size = sizeof request};
  uint64_t ids[4];
  (void)unused, (void)unused_too;
  return SC(listns, &request, ids, 4, 0);
}

/* Makes no process: the struct is too small, which the kernel says first of all. */
static long clone_nothing(long unused, unsigned long unused_too) {
  (void)unused, (void)unused_too;
  return SC(clone3, NULL, 0);
}
/* Makes none either: the number asked for is our own, which exists. Before it is looked for, it is asked who may choose. */
static long choose_number(long unused, unsigned long unused_too) {
  int32_t own = (int32_t)own_number();
  uint64_t arguments[10] = {[4] = 17 /* SIGCHLD */, [8] = (uint64_t)(uintptr_t)&own, [9] = 1};
  (void)unused, (void)unused_too;
  long result = SC(clone3, arguments, sizeof arguments);
  if (result == 0) SC(exit_group, 0);
  return result;
}
static long join_nothing(long unused, unsigned long unused_too) {
  (void)unused, (void)unused_too;
  return SC(setns, -1, 0);
}
static long unshare_nothing(long unused, unsigned long unused_too) {
  (void)unused, (void)unused_too;
  return SC(unshare, 0);
}

const struct attempt attempts[] = {
    {"/proc/self/ns", TAKES_LINK, "user", just_there, 0},
    {"NS_GET_USERNS", TAKES_LINK, "net", give, NSFS(1)},
    {"NS_GET_PARENT", TAKES_LINK, "net", give, NSFS(2)},
    {"NS_GET_NSTYPE", TAKES_LINK, "net", tell, NSFS(3)},
    {"NS_GET_OWNER_UID", TAKES_LINK, "user", tell, NSFS(4)},
    {"NS_GET_MNTNS_ID", TAKES_LINK, "mnt", tell, NSFS_READ(5, 8)},
    {"NS_GET_PID_FROM_PIDNS", TAKES_LINK, "pid", translate, NSFS_READ(6, 4)},
    {"NS_GET_TGID_FROM_PIDNS", TAKES_LINK, "pid", translate, NSFS_READ(7, 4)},
    {"NS_GET_PID_IN_PIDNS", TAKES_LINK, "pid", translate, NSFS_READ(8, 4)},
    {"NS_GET_TGID_IN_PIDNS", TAKES_LINK, "pid", translate, NSFS_READ(9, 4)},
    {"NS_MNT_GET_INFO", TAKES_LINK, "mnt", tell, NSFS_READ(10, 16)},
    {"NS_MNT_GET_NEXT", TAKES_LINK, "mnt", give_and_tell, NSFS_READ(11, 16)},
    {"NS_MNT_GET_PREV", TAKES_LINK, "mnt", give_and_tell, NSFS_READ(12, 16)},
    {"NS_GET_ID", TAKES_LINK, "net", tell, NSFS_READ(13, 8)},
    {"pidfd_open", TAKES_NOTHING, NULL, open_pidfd, 0},
    {"PIDFD_THREAD", TAKES_NOTHING, NULL, open_pidfd, 0200},
    {"pidfd_getfd", TAKES_PIDFD, NULL, take_descriptor, 0},
    {"pidfd_send_signal", TAKES_PIDFD, NULL, signal_nothing, 0},
    {"PIDFD_GET_NET_NAMESPACE", TAKES_PIDFD, NULL, give, PIDFS(4)},
    {"PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE", TAKES_PIDFD, NULL, give, PIDFS(6)},
    {"PIDFD_GET_INFO", TAKES_PIDFD, NULL, tell, PIDFD_INFO},
    {"kcmp", TAKES_NOTHING, NULL, compare_files, KCMP_OPEN_FILES},
    {"SIOCGSKNS", TAKES_SOCKET, "unix", give, SKNS},
    {"SO_NETNS_COOKIE", TAKES_SOCKET, "unix", cookie, 0},
    {"RTM_GETNSID", TAKES_SOCKET, "netlink", network_number, 0},
    {"statx", TAKES_NOTHING, NULL, stat_extended, 0x7ff},
    {"STATX_MNT_ID_UNIQUE", TAKES_NOTHING, NULL, unique_mount_id, 0},
    {"listmount", TAKES_NOTHING, NULL, list_mounts, 24},
    {"listmount-by-namespace", TAKES_LINK, "mnt", list_mounts_of, 32},
    {"statmount", TAKES_NOTHING, NULL, stat_mount, 1},
    {"name_to_handle_at", TAKES_LINK, "net", make_handle, 0},
    {"open_by_handle_at", TAKES_LINK, "net", open_handle, 0},
    {"listns", TAKES_NOTHING, NULL, list_namespaces, 0},
    {"setns", TAKES_NOTHING, NULL, join_nothing, 0},
    {"unshare", TAKES_NOTHING, NULL, unshare_nothing, 0},
    {"clone3", TAKES_NOTHING, NULL, clone_nothing, 0},
    {"set_tid", TAKES_NOTHING, NULL, choose_number, 0},
};
const int attempt_count = sizeof attempts / sizeof *attempts;
