/*
 * churner NAMESPACES_A_SECOND SEED: makes and ends namespaces of all kinds, threads, processes of 0.3 ms, mounts, sockets and
 * descriptors, until its standard input ends. All of it is in a pid and a mount namespace of its own, whose first process
 * ends with the churner: nothing can be left. Numbers of processes are few in there (where that is the namespace's own
 * affair), so that they come again soon.
 *
 * What a process is in at last is written where whoever looks can compare it: by the namespace's 64-bit id (NS_GET_ID), which
 * is never used again. comm u<ID>: the process is in that uts namespace; t<ID>: the thread is; f<ID>: the process has a
 * descriptor of it and no other; /mnt/b<ID>: that one is mounted there.
 *
 * Prints `ready PID` of that first process, and at the end how many of each were made.
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
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif
#define NS_GET_ID _IOR(0xb7, 13, uint64_t)

enum { WORKERS = 12, PID_MAX = 2048, PID_MAX_IS_LOCAL_SINCE = 614 };

static struct counts {
  _Atomic uint64_t namespaces, processes, threads, mounts;
} *made;
static uint64_t state;

static uint32_t draw(uint32_t below) {
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return (uint32_t)(state >> 33) % below;
}

static void rest(uint32_t us) {
  struct timespec time = {.tv_nsec = (long)us * 1000};
  nanosleep(&time, NULL);
}

/* Most last some milliseconds, as long as a look looks at one thing; some as long as a whole look. */
static void linger(uint32_t us) { rest(draw(6) == 0 ? 30000 : draw(us)); }

static void die(const char *what) {
  perror(what);
  exit(1);
}

static int unshared(int flags) {
  if (unshare(flags) != 0) return 0;
  made->namespaces += (uint64_t)__builtin_popcount((unsigned)flags);
  return 1;
}

static uint64_t id_of(const char *path) {
  uint64_t id = 0;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  if (ioctl(fd, NS_GET_ID, &id) != 0) id = 0;
  close(fd);
  return id;
}

static void mark(char what, uint64_t id) {
  char name[24];
  if (id == 0) return;
  snprintf(name, sizeof name, "%c%llu", what, (unsigned long long)id);
  prctl(PR_SET_NAME, name);
}

static pid_t child(void) {
  pid_t pid = fork();
  if (pid >= 0) made->processes++;
  return pid;
}

static void brief(void) {
  for (int nth = 0; nth < 3; nth++) {
    pid_t pid = child();
    if (pid == 0) {
      rest(300);
      _exit(0);
    }
    waitpid(pid, NULL, 0);
  }
}

static void some_kinds(void) {
  static const int KINDS[] = {CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWCGROUP, CLONE_NEWNS, CLONE_NEWTIME};
  int flags = CLONE_NEWUTS;
  for (size_t nth = 0; nth < sizeof KINDS / sizeof *KINDS; nth++) flags |= draw(2) ? KINDS[nth] : 0;
  if (draw(12) == 0) flags |= CLONE_NEWNET;
  if (unshared(flags)) mark('u', id_of("/proc/self/ns/uts"));
  linger(2500);
}

/* The number of the first is free again when the third is made. */
static void one_after_another(void) {
  for (int nth = 0; nth < 4; nth++) {
    unshared(CLONE_NEWUTS);
    rest(draw(150));
  }
  mark('u', id_of("/proc/self/ns/uts"));
  rest(draw(600));
}

static void *in_thread(void *unused) {
  char path[64];
  snprintf(path, sizeof path, "/proc/thread-self/ns/uts");
  made->threads++;
  if (unshared(CLONE_NEWUTS)) mark('t', id_of(path));
  linger(2500);
  return unused;
}

static void thread(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, in_thread, NULL) != 0) return;
  /* Some leaders end before their thread. */
  if (draw(3) == 0) syscall(SYS_exit, 0);
  pthread_join(thread, NULL);
}

static void descriptor(void) {
  if (!unshared(CLONE_NEWUTS)) return;
  uint64_t id = id_of("/proc/self/ns/uts");
  int fd = open("/proc/self/ns/uts", O_RDONLY);
  if (fd < 0 || !unshared(CLONE_NEWUTS)) return;
  mark('f', id);
  linger(2500);
}

static void pid_namespace(void) {
  if (!unshared(CLONE_NEWPID)) return;
  if (draw(2)) {
    pid_t pid = child();
    if (pid == 0) {
      if (child() == 0) {
        rest(300);
        _exit(0);
      }
      rest(draw(1000));
      _exit(0);
    }
    waitpid(pid, NULL, 0);
  }
  rest(draw(1000));
}

/* Who is nobody in its user namespace makes none below it. Whoever is in it maps its own group once nobody may set groups. */
static void user_namespace(void) {
  static const char *const FILES[][2] = {{"setgroups", "deny"}, {"uid_map", "0 0 1"}, {"gid_map", "0 0 1"}};
  if (!unshared(CLONE_NEWUSER)) return;
  for (size_t nth = 0; nth < sizeof FILES / sizeof *FILES; nth++) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/%s", FILES[nth][0]);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    write(fd, FILES[nth][1], strlen(FILES[nth][1]));
    close(fd);
  }
}

static void user_namespaces(void) {
  user_namespace();
  user_namespace();
  if (unshared(CLONE_NEWUSER | CLONE_NEWUTS)) mark('u', id_of("/proc/self/ns/uts"));
  linger(2000);
}

static void socket_elsewhere(void) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  unshared(CLONE_NEWNET);
  linger(2000);
  close(fd);
}

static void in_flight(void) {
  int pair[2], fd = open("/proc/self/ns/uts", O_RDONLY);
  char byte = 0, room[CMSG_SPACE(sizeof fd)];
  struct iovec data = {&byte, 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0 || fd < 0) return;
  *CMSG_FIRSTHDR(&message) =
      (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
  memcpy(CMSG_DATA(CMSG_FIRSTHDR(&message)), &fd, sizeof fd);
  sendmsg(pair[0], &message, 0);
  close(fd);
  unshared(CLONE_NEWUTS);
  linger(1500);
}

static void pidfd(void) {
  pid_t pid = child();
  if (pid == 0) {
    if (unshared(CLONE_NEWUTS)) rest(draw(500));
    _exit(0);
  }
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (draw(2)) waitpid(pid, NULL, 0);
  rest(draw(1000));
  close(fd);
}

static void mounts_of_its_own(void) {
  if (!unshared(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC)) return;
  uint64_t id = id_of("/proc/self/ns/uts");
  if (mount("/proc/self/ns/uts", "/mnt/own", NULL, MS_BIND, NULL) == 0) made->mounts++;
  if (draw(2) && mount("none", "/mnt/folder", "mqueue", 0, NULL) == 0) made->mounts++;
  mark('u', id);
  linger(2500);
}

static void (*const DEEDS[])(void) = {
    brief,         some_kinds,      one_after_another, thread,    descriptor, pid_namespace,
    some_kinds,    user_namespaces, socket_elsewhere,  in_flight, pidfd,      mounts_of_its_own,
};
enum { DEED_COUNT = sizeof DEEDS / sizeof *DEEDS };

/* Mounts a namespace where all of the churn sees it, and takes it off again when its process has gone. */
static void pin(void) {
  int pipes[2];
  char path[64] = "";
  if (pipe2(pipes, O_CLOEXEC) != 0) return;
  pid_t pid = child();
  if (pid == 0) {
    if (unshared(CLONE_NEWUTS)) {
      uint64_t id = id_of("/proc/self/ns/uts");
      snprintf(path, sizeof path, "/mnt/b%llu", (unsigned long long)id);
      close(open(path, O_CREAT | O_CLOEXEC, 0600));
      if (mount("/proc/self/ns/uts", path, NULL, MS_BIND, NULL) == 0) made->mounts++;
    }
    write(pipes[1], path, sizeof path);
    _exit(0);
  }
  close(pipes[1]);
  ssize_t length = read(pipes[0], path, sizeof path);
  close(pipes[0]);
  waitpid(pid, NULL, 0);
  linger(1500);
  if (length <= 0 || path[0] == 0) return;
  umount2(path, MNT_DETACH);
  unlink(path);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Catches up where it was held up, so that the rate is that of the whole run. */
static void work(uint64_t seed, double rate) {
  double start = now();
  state = seed * 0x9e3779b97f4a7c15u + 1;
  for (;;) {
    if (draw(10) == 0) {
      pin();
    } else {
      pid_t pid = child();
      uint32_t deed = draw(DEED_COUNT);
      if (pid == 0) {
        state += (uint64_t)getpid();
        DEEDS[deed]();
        _exit(0);
      }
      if (pid > 0) waitpid(pid, NULL, 0);
    }
    while ((double)made->namespaces > (now() - start) * rate) rest(300);
  }
}

static void write_text(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write(fd, text, strlen(text)) < 0) die(path);
  close(fd);
}

static void first_process(double rate, uint64_t seed, int ready) {
  struct utsname host;
  int major = 0, minor = 0;
  char limit[16];
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) die("private");
  if (mount("proc", "/proc", "proc", 0, NULL) != 0) die("proc");
  if (mount("none", "/mnt", "tmpfs", 0, NULL) != 0) die("tmpfs");
  close(open("/mnt/own", O_CREAT | O_CLOEXEC, 0600));
  if (mkdir("/mnt/folder", 0700) != 0) die("folder");
  uname(&host);
  sscanf(host.release, "%d.%d", &major, &minor);
  if (major * 100 + minor >= PID_MAX_IS_LOCAL_SINCE) {
    snprintf(limit, sizeof limit, "%d", PID_MAX);
    write_text("/proc/sys/kernel/pid_max", limit);
  }
  for (int nth = 0; nth < WORKERS; nth++) {
    if (fork() == 0) work(seed + (uint64_t)nth, rate);
  }
  write(ready, "r", 1);
  close(ready);
  /* Orphans are its children. */
  for (;;) wait(NULL);
}

int main(int argc, char **argv) {
  int ready[2];
  char byte;
  if (argc != 3) return 2;
  double start = now(), rate = atof(argv[1]);
  made = mmap(NULL, sizeof *made, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (made == MAP_FAILED || pipe2(ready, O_CLOEXEC) != 0) die("start");
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) die("unshare");
  pid_t first = fork();
  if (first < 0) die("fork");
  if (first == 0) first_process(rate, strtoull(argv[2], NULL, 10), ready[1]);
  int handle = (int)syscall(SYS_pidfd_open, first, 0);
  close(ready[1]);
  if (handle < 0 || read(ready[0], &byte, 1) != 1) die("ready");
  printf("ready %d\n", first);
  fflush(stdout);
  while (read(0, &byte, 1) > 0) continue;
  syscall(SYS_pidfd_send_signal, handle, SIGKILL, NULL, 0);
  waitpid(first, NULL, 0);
  printf("{\"seconds\":%.3f,\"namespaces\":%llu,\"processes\":%llu,\"threads\":%llu,\"mounts\":%llu}\n", now() - start,
         (unsigned long long)made->namespaces, (unsigned long long)made->processes, (unsigned long long)made->threads,
         (unsigned long long)made->mounts);
  return 0;
}
