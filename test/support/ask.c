/* Makes one call and prints its errno (0: it succeeded): what does this kernel have? Usage: see `Question` in kernel-lacks.ts. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

#ifndef SYS_listns
#define SYS_listns 470
#endif

static int ask(int argc, char **argv) {
  static long buffer[16]; /* larger than what any of the asked calls writes */
  if (argc == 3 && !strcmp(argv[1], "access")) return access(argv[2], F_OK);
  if (argc == 4 && !strcmp(argv[1], "ioctl")) {
    int fd = open(argv[2], O_RDONLY | O_CLOEXEC);
    return fd < 0 ? -1 : ioctl(fd, strtoul(argv[3], NULL, 10), buffer);
  }
  if (argc == 3 && !strcmp(argv[1], "pidfd-ioctl")) {
    int fd = syscall(SYS_pidfd_open, getpid(), 0);
    return fd < 0 ? -1 : ioctl(fd, strtoul(argv[2], NULL, 10), 0);
  }
  if (argc == 2 && !strcmp(argv[1], "listns")) return syscall(SYS_listns, NULL, NULL, 0, 0);
  fprintf(stderr, "ask: no such question\n");
  exit(2);
}

int main(int argc, char **argv) {
  int answer = ask(argc, argv);
  printf("%d\n", answer < 0 ? errno : 0);
  return 0;
}
