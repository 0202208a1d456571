/** Mounts a FUSE file over $1 and becomes the rest of its words; nobody reads the requests, so that whoever asks waits. */
export const SILENT = `
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>
int main(int argc, char **argv) {
  char options[99];
  int fuse = open("/dev/fuse", O_RDWR);
  snprintf(options, sizeof options, "fd=%d,rootmode=100000,user_id=0,group_id=0", fuse);
  if (argc < 3 || fuse < 0 || mount("silent", argv[1], "fuse", 0, options) < 0) return 1;
  execvp(argv[2], argv + 2);
  return 1;
}
`;
