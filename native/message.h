/* recvmsg(2) and sendmsg(2) with one descriptor. A C library's headers have these; the kernel's own do not. */
#ifndef NSATLAS_MESSAGE_H
#define NSATLAS_MESSAGE_H

#include <stdint.h>

struct part {
  void *at;
  uint64_t bytes;
};
struct message {
  void *name;
  uint64_t name_bytes;
  struct part *parts;
  uint64_t part_count;
  void *control;
  uint64_t control_bytes;
  uint64_t flags;
};
/* Room for one descriptor: whatever else comes with it the kernel closes. */
struct right {
  uint64_t bytes;
  int32_t level, type, fd, padding;
};
/* Without the padding. */
#define RIGHT_BYTES 20
#define SCM_RIGHTS 1

#endif
