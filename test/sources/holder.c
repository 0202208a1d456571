/*
 * holder KIND FOLDER: makes one namespace and what holds it, by KIND, and keeps it until its standard input ends, it is told to
 * let go, or LIMIT_S seconds are over. Says `ready TYPE:[INODE] HANDLE` when all is made; HANDLE is the namespace's file handle
 * in hex, or `-` before Linux 6.18. `close N` on its standard input closes a descriptor.
 * holder is-there HANDLE: exits with 0 if the namespace opens by its handle, with 1 if not.
 *
 * Every process of it ends with its parent, which ends with whoever started it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif
#define NS_GET_PARENT _IO(0xb7, 2)
#define PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE _IO(0xFF, 6)
enum { LIMIT_S = 120, STEP_MS = 20, PATIENCE_MS = 10000, HANDLE_BYTES = 16, FILEID_NSFS = 0xf1, FD_NSFS_ROOT = -10003 };

struct handle {
  unsigned bytes;
  int type;
  unsigned char data[HANDLE_BYTES];
};
static const char *folder;
static char place[3][256];
static int to_parent, from_child;

static void must(int holds, const char *what) {
  if (holds) return;
  perror(what);
  _exit(1);
}

/* A process that is a child of ours in namespaces of its own, and may tell us something once. It ends with us. */
static pid_t born(int flags) {
  int ends[2];
  must(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
  pid_t pid = (pid_t)syscall(SYS_clone, (long)flags | SIGCHLD, 0, 0, 0, 0);
  must(pid >= 0, "clone");
  close(ends[pid == 0 ? 0 : 1]);
  *(pid == 0 ? &to_parent : &from_child) = ends[pid == 0 ? 1 : 0];
  if (pid != 0) return pid;
  must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "prctl");
  close(0);
  return 0;
}

static void tell(const void *what, size_t size) {
  must(write(to_parent, what, size) == (ssize_t)size, "tell");
}

/* What the last child that was born tells. */
static void hear(void *what, size_t size) {
  struct pollfd told = {.fd = from_child, .events = POLLIN};
  must(poll(&told, 1, PATIENCE_MS) == 1 && read(from_child, what, size) == (ssize_t)size, "a child did not tell");
  close(from_child);
}

/* Until the last child is where it stays. */
static void await(void) {
  char byte;
  hear(&byte, 1);
}

static void stay(void) {
  tell("r", 1);
  for (;;) pause();
}

static void end(pid_t pid) {
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
}

static int ns_of(pid_t pid, const char *link) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, link);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  must(fd >= 0, path);
  return fd;
}

/* Says which namespace it is, of an open file, and closes that. */
static char line[256];
static void subject(const char *type, int fd) {
  struct stat stat;
  struct handle handle = {.bytes = HANDLE_BYTES};
  int mount;
  must(fstat(fd, &stat) == 0, "fstat");
  int at = snprintf(line, sizeof line, "ready %s:[%lu] ", type, (unsigned long)stat.st_ino);
  int named = syscall(SYS_name_to_handle_at, fd, "", &handle, &mount, AT_EMPTY_PATH) == 0 && handle.type == FILEID_NSFS;
  if (!named) snprintf(line + at, sizeof line - (size_t)at, "-");
  for (unsigned nth = 0; named && nth < handle.bytes; nth++) at += sprintf(line + at, "%02x", handle.data[nth]);
  close(fd);
}

static int is_there(const char *text) {
  struct handle handle = {.bytes = HANDLE_BYTES, .type = FILEID_NSFS};
  for (int nth = 0; nth < HANDLE_BYTES; nth++) {
    unsigned byte;
    if (sscanf(text + 2 * nth, "%2x", &byte) != 1) return 2;
    handle.data[nth] = (unsigned char)byte;
  }
  return syscall(SYS_open_by_handle_at, FD_NSFS_ROOT, &handle, O_RDONLY) >= 0 ? 0 : errno == ESTALE ? 1 : 2;
}

/* Of the namespaces of a process of ours that then ends, one open. */
static int of_ended(int flags, const char *link) {
  pid_t pid = born(flags);
  if (pid == 0) stay();
  await();
  int fd = ns_of(pid, link);
  end(pid);
  return fd;
}

static void write_text(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  must(fd >= 0 && write(fd, text, strlen(text)) > 0, path);
  close(fd);
}

/* Whose uid or gid has no number in its user namespace makes none below it. */
static void map_root(void) {
  write_text("/proc/self/setgroups", "deny");
  write_text("/proc/self/uid_map", "0 0 1");
  write_text("/proc/self/gid_map", "0 0 1");
}

static void pin(int fd, const char *at) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  must(mount(path, at, NULL, MS_BIND, NULL) == 0, at);
}

static void process(void) {
  pid_t pid = born(CLONE_NEWUTS);
  if (pid == 0) stay();
  await();
  subject("uts", ns_of(pid, "uts"));
}

/* Ends by SIGUSR1, alone: its leader lets that wait. */
static void leave(int signal) {
  (void)signal;
  syscall(SYS_exit, 0);
}
static int leader_ends;
static void *in_thread(void *unused) {
  sigset_t usr1;
  sigemptyset(&usr1);
  sigaddset(&usr1, SIGUSR1);
  must(unshare(CLONE_NEWUTS) == 0, "unshare");
  subject("uts", open("/proc/thread-self/ns/uts", O_RDONLY | O_CLOEXEC));
  tell(line, sizeof line);
  pthread_sigmask(SIG_UNBLOCK, &usr1, NULL);
  for (;;) pause();
  return unused;
}
static void threads(void) {
  if (born(0) == 0) {
    sigset_t usr1;
    pthread_t thread;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &usr1, NULL);
    signal(SIGUSR1, leave);
    must(pthread_create(&thread, NULL, in_thread, NULL) == 0, "pthread_create");
    if (leader_ends) syscall(SYS_exit, 0);
    for (;;) pause();
  }
  hear(line, sizeof line);
}
static void thread(void) { threads(); }
static void thread_of_zombie(void) {
  leader_ends = 1;
  threads();
}

static void pid_for_children(void) {
  pid_t pid = born(0);
  if (pid == 0) {
    must(unshare(CLONE_NEWPID) == 0, "unshare");
    pid_t first = born(0);
    if (first == 0) stay();
    await();
    end(first);
    stay();
  }
  await();
  subject("pid", ns_of(pid, "pid_for_children"));
}

static void unborn(void) {
  pid_t pid = born(0);
  if (pid == 0) {
    must(unshare(CLONE_NEWPID) == 0, "unshare");
    stay();
  }
  await();
  int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  int fd = ioctl(pidfd, PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE, 0);
  must(fd >= 0, "PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE");
  close(pidfd);
  subject("pid", fd);
}

static void time_for_children(void) {
  pid_t pid = born(0);
  if (pid == 0) {
    must(unshare(CLONE_NEWTIME) == 0, "unshare");
    stay();
  }
  await();
  subject("time", ns_of(pid, "time_for_children"));
}

static void descriptor(void) {
  int fd = of_ended(CLONE_NEWUTS, "uts");
  subject("uts", dup(fd));
}

static void dead_pid(void) {
  int fd = of_ended(CLONE_NEWPID, "pid");
  subject("pid", dup(fd));
}

static void socket_elsewhere(void) {
  int own = ns_of(getpid(), "net");
  must(unshare(CLONE_NEWNET) == 0 && socket(AF_INET, SOCK_DGRAM, 0) >= 0, "socket");
  subject("net", ns_of(getpid(), "net"));
  must(setns(own, CLONE_NEWNET) == 0, "setns");
  close(own);
}

static void pidfd(void) {
  pid_t pid = born(CLONE_NEWPID);
  if (pid == 0) stay();
  await();
  must(syscall(SYS_pidfd_open, pid, 0) >= 0, "pidfd_open");
  subject("pid", ns_of(pid, "pid"));
}

static void bind_here(void) {
  int fd = of_ended(CLONE_NEWUTS, "uts");
  pin(fd, place[0]);
  subject("uts", fd);
}

/* A process in a mount namespace of its own, in which a uts namespace is mounted that is so nowhere else. */
static pid_t with_bind_elsewhere(void) {
  int fd = of_ended(CLONE_NEWUTS, "uts");
  pid_t pid = born(CLONE_NEWNS);
  if (pid == 0) {
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "private");
    pin(fd, place[0]);
    close(fd);
    stay();
  }
  await();
  subject("uts", fd);
  return pid;
}
static void bind_elsewhere(void) { with_bind_elsewhere(); }

/*
 * A mount namespace may be mounted in an older one only. Linux 6.18 takes the lower id for the older, and each processor hands
 * out ids from a lot of its own: so it is tried on one after the other. Source: fs/namespace.c mnt_ns_loop, kernel/nscommon.c.
 */
static void pinned_mounts(void) {
  int is_pinned = 0;
  for (long cpu = 0; !is_pinned && cpu < sysconf(_SC_NPROCESSORS_CONF); cpu++) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET((int)cpu, &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) continue;
    pid_t pid = with_bind_elsewhere();
    int fd = ns_of(pid, "mnt");
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    is_pinned = mount(path, place[1], NULL, MS_BIND, NULL) == 0;
    close(fd);
    end(pid);
  }
  must(is_pinned, place[1]);
}

/* One process is in the upper one and one in the lower, none in the one between. */
static void user_between(void) {
  pid_t upper = born(CLONE_NEWUSER), lower;
  if (upper == 0) {
    map_root();
    lower = born(CLONE_NEWUSER);
    if (lower == 0) {
      map_root();
      must(unshare(CLONE_NEWUSER) == 0, "unshare");
      map_root();
      must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "prctl");
      stay();
    }
    await();
    tell(&lower, sizeof lower);
    // Else it would stay as a zombie.
    signal(SIGCHLD, SIG_IGN);
    for (;;) pause();
  }
  hear(&lower, sizeof lower);
  int fd = ns_of(lower, "user");
  subject("user", ioctl(fd, NS_GET_PARENT));
  close(fd);
}

static void send_away(int fd) {
  int pair[2];
  char byte = 0, room[CMSG_SPACE(sizeof fd)] = {0};
  struct iovec data = {&byte, 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
  *CMSG_FIRSTHDR(&message) =
      (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), &fd, sizeof fd);
  must(sendmsg(pair[0], &message, 0) == 1, "sendmsg");
}
static void in_flight(void) {
  int fd = of_ended(CLONE_NEWUTS, "uts");
  send_away(fd);
  subject("uts", fd);
}
static void mnt_in_flight(void) {
  int fd = of_ended(CLONE_NEWNS, "mnt");
  send_away(fd);
  subject("mnt", fd);
}

/* A file system of a namespace, mounted here by a process that ends or stays. */
static void mounted(int flag, const char *type, int stays) {
  pid_t pid = born(flag);
  if (pid == 0) {
    must(mount("none", place[2], type, 0, NULL) == 0, type);
    stay();
  }
  await();
  subject(flag == CLONE_NEWPID ? "pid" : "ipc", ns_of(pid, flag == CLONE_NEWPID ? "pid" : "ipc"));
  if (!stays) end(pid);
}
static void proc_mount(void) { mounted(CLONE_NEWPID, "proc", 1); }
static void mqueue_mount(void) { mounted(CLONE_NEWIPC, "mqueue", 1); }
static void proc_mount_alone(void) { mounted(CLONE_NEWPID, "proc", 0); }

/* Nobody is in the user namespace; a uts namespace that belongs to it is open. */
static void owned(void) {
  pid_t pid = born(CLONE_NEWUSER | CLONE_NEWUTS);
  if (pid == 0) stay();
  await();
  ns_of(pid, "uts");
  int user = ns_of(pid, "user");
  end(pid);
  subject("user", user);
}

static const struct {
  const char *name;
  void (*make)(void);
} KINDS[] = {
    {"process", process},
    {"thread", thread},
    {"thread-of-zombie", thread_of_zombie},
    {"pid-for-children", pid_for_children},
    {"time-for-children", time_for_children},
    {"unborn", unborn},
    {"descriptor", descriptor},
    {"socket", socket_elsewhere},
    {"pidfd", pidfd},
    {"bind-here", bind_here},
    {"bind-elsewhere", bind_elsewhere},
    {"pinned-mounts", pinned_mounts},
    {"user-between", user_between},
    {"dead-pid", dead_pid},
    {"in-flight", in_flight},
    {"mnt-in-flight", mnt_in_flight},
    {"proc-mount", proc_mount},
    {"mqueue-mount", mqueue_mount},
    {"proc-mount-alone", proc_mount_alone},
    {"owned", owned},
};

static void obey(void) {
  for (char text[64];;) {
    struct pollfd input = {.fd = 0, .events = POLLIN};
    int fd;
    while (waitpid(-1, NULL, WNOHANG) > 0) continue;
    if (poll(&input, 1, STEP_MS) <= 0) continue;
    ssize_t length = read(0, text, sizeof text - 1);
    if (length <= 0) return;
    text[length] = 0;
    if (sscanf(text, "close %d", &fd) == 1) close(fd);
    puts("done");
    fflush(stdout);
  }
}

int main(int argc, char **argv) {
  static const char *const NAMES[] = {"pin", "mounts", "file-system"};
  if (argc != 3) return 2;
  if (strcmp(argv[1], "is-there") == 0) return is_there(argv[2]);
  folder = argv[2];
  must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "start");
  alarm(LIMIT_S);
  for (int nth = 0; nth < 3; nth++) snprintf(place[nth], sizeof *place, "%s/%s", folder, NAMES[nth]);
  for (size_t nth = 0; nth < sizeof KINDS / sizeof *KINDS; nth++) {
    if (strcmp(argv[1], KINDS[nth].name) != 0) continue;
    KINDS[nth].make();
    puts(line);
    fflush(stdout);
    obey();
    return 0;
  }
  return 2;
}
