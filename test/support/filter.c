// `filter ERRNO COMMAND…`: runs a command under a seccomp filter, as container engines install one: calls newer than Linux
// 5.2, and some that they keep from containers, get this errno. clone3 gets ENOSYS always, as with those engines: C libraries
// fall back to clone for that alone. With ERRNO 0 pidfd_getfd kills the caller, and all else is let through. `filter ERRNO:NUMBER
// COMMAND…`: only the call of this number gets it.
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define IF_EQUAL(number, action) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, action)
#define PIDFD_OPEN 434
#define CLONE3 435
#define PIDFD_GETFD 438

int main(int count, char **words) {
  if (count < 3) return 64;
  unsigned wanted = (unsigned)atoi(words[1]);
  unsigned refuse = wanted ? SECCOMP_RET_ERRNO | wanted : SECCOMP_RET_ALLOW;
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      IF_EQUAL(CLONE3, wanted ? SECCOMP_RET_ERRNO | ENOSYS : SECCOMP_RET_ALLOW),
      IF_EQUAL(PIDFD_GETFD, wanted ? refuse : SECCOMP_RET_KILL_PROCESS),
      IF_EQUAL(SYS_name_to_handle_at, refuse),
      IF_EQUAL(SYS_open_by_handle_at, refuse),
      IF_EQUAL(SYS_kcmp, refuse),
      IF_EQUAL(SYS_setns, refuse),
      IF_EQUAL(SYS_unshare, refuse),
      BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, PIDFD_OPEN, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, refuse),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const char *only = strchr(words[1], ':');
  struct sock_filter one[] = {
      filter[0],
      IF_EQUAL((unsigned)atoi(only ? only + 1 : "0"), refuse),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
  if (only) program = (struct sock_fprog){.len = sizeof one / sizeof *one, .filter = one};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) return 65;
  execvp(words[2], words + 2);
  return 66;
}
