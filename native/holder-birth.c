/*
 * How the dispatcher learns the pid of a holder that another made: the newborn sends a message through the parked socket,
 * and the kernel adds the sender's credentials, in the numbers of the receiver's pid namespace.
 */
#include "holder.h"

/* struct msghdr, cmsghdr and ucred, which the kernel's own headers for programs leave to libc. */
struct span {
  void *at;
  size_t bytes;
};
struct message {
  void *name;
  int32_t name_bytes;
  struct span *spans;
  size_t span_count;
  void *control;
  size_t control_bytes;
  uint32_t flags;
};
struct credentials_message {
  size_t bytes;
  int32_t level;
  int32_t type;
  int32_t pid;
  uint32_t uid;
  uint32_t gid;
  uint32_t padding;
};
#define MSG_DONTWAIT 0x40

int announced_pid(const struct dispatcher *self, int index) {
  for (;;) {
    uint16_t announced = 0;
    struct credentials_message credentials = {.bytes = 0};
    struct span span = {&announced, sizeof announced};
    struct message message = {
        .spans = &span, .span_count = 1, .control = &credentials, .control_bytes = sizeof credentials};
    if (SC(recvmsg, self->birth_socket, &message, MSG_DONTWAIT) < 0) return 0;
    if (announced == index && message.control_bytes) return credentials.pid;
  }
}

int await_birth(const struct dispatcher *self, int index, int64_t patience_ns) {
  const struct slot *slot = &self->region->slots[index];
  int64_t until = now_ns() + patience_ns;
  while (load(&slot->turn) == 0) {
    if (watch(self, slot, 0, SLICE_NS, until) == TIME_UP) return 0;
  }
  return 1;
}
