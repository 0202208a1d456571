/**
 * In a mount namespace of its own, puts two namespace files over one path in turns, as fast as it can.
 */
export const SWAPPER = `
  #define _GNU_SOURCE
  #include <sched.h>
  #include <signal.h>
  #include <stdio.h>
  #include <sys/mount.h>
  #include <unistd.h>
  static volatile sig_atomic_t over;
  static void end(int signal) { over = signal; }
  int main(int count, char **words) {
    signal(SIGTERM, end);
    if (count != 4 || unshare(CLONE_NEWNS) || mount("none", "/", 0, MS_REC | MS_PRIVATE, 0)) return 1;
    puts("ready");
    fflush(stdout);
    while (!over) {
      if (mount(words[1], words[3], 0, MS_BIND, 0) || mount(words[2], words[3], 0, MS_BIND, 0)) return 2;
      if (umount2(words[3], MNT_DETACH) || umount2(words[3], MNT_DETACH)) return 3;
    }
    return 0;
  }`;
