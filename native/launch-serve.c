/*
 * The launcher as an envoy: it has gone to namespaces, and now makes there what it is asked for, one thing after the other:
 * sockets, open files, the content of files. Requests come by a stream, answers go back by it; a descriptor goes first, by
 * a socket of its own, so that it is there once its answer is. When the stream ends, so does the envoy.
 * src/inside/envoy-wire.ts has the same names.
 */
#include "decimal.h"
#include "launch.h"
#include "message.h"
#include <asm/socket.h>
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/in6.h>
#include <linux/openat2.h>

/* inode(7). <linux/stat.h> leaves them to a C library where there is one, as where plans are tried with anything. */
#define KIND 0170000
#define KIND_FOLDER 0040000
#define KIND_FILE 0100000
#define KIND_LINK 0120000

enum asked { ASK_SOCKET = 1, ASK_OPEN, ASK_READ, ASK_NAMESPACE };
enum socket_flag { REUSE_ADDRESS = 1, V6_ONLY = 2, CONNECT = 4 };
/* What an answer tells of. */
enum called { CALLED_NONE, CALLED_SOCKET, CALLED_SETSOCKOPT, CALLED_BIND, CALLED_LISTEN, CALLED_OPEN, CALLED_READ, CALLED_CONNECT };

struct asking {
  uint32_t bytes;
  uint32_t id;
  uint32_t what;
  uint32_t flags;
  /* ASK_SOCKET: domain, type, protocol, backlog (-1: none); ASK_OPEN, ASK_READ: O_*, mode, whether whatever it is, most bytes */
  int64_t arg[4];
  /* A socket address, or a path ended by NUL. */
  char more[4096 + 8];
};
#define FIXED_BYTES 48

/* result: MORE, so many bytes follow and another answer; 0 or above, done; below, -errno of `called`. */
struct answer {
  uint32_t id;
  int32_t result;
  uint32_t called;
  uint32_t bytes;
};
#define DONE 0
#define DONE_WITH_DESCRIPTOR 1
#define MORE 2

struct envoy {
  struct launch *launch;
  int stream, rights, root, descriptors, namespaces;
};

static void put(const struct envoy *self, const void *from, size_t bytes) {
  const char *at = from;
  while (bytes) {
    long written = SC(write, self->stream, at, bytes);
    if (written == -EINTR) continue;
    if (written <= 0) leave(EXIT_OWN);
    at += written;
    bytes -= (size_t)written;
  }
}

static void get(const struct envoy *self, void *into, size_t bytes) {
  char *at = into;
  while (bytes) {
    long got = SC(read, self->stream, at, bytes);
    if (got == -EINTR) continue;
    if (got <= 0) leave(got == 0 && at == into ? 0 : EXIT_OWN);
    at += got;
    bytes -= (size_t)got;
  }
}

#define MSG_NOSIGNAL 0x4000

static void hand_over(const struct envoy *self, long fd) {
  struct right right = {.bytes = RIGHT_BYTES, .level = SOL_SOCKET, .type = SCM_RIGHTS, .fd = (int32_t)fd};
  char byte = 0;
  struct part part = {&byte, 1};
  struct message message = {.parts = &part, .part_count = 1, .control = &right, .control_bytes = sizeof right};
  long sent;
  while ((sent = SC(sendmsg, self->rights, &message, MSG_NOSIGNAL)) == -EINTR);
  if (sent != 1) leave(EXIT_OWN);
}

/* `result`: a descriptor to hand over, or -errno. */
static void answer_descriptor(const struct envoy *self, const struct asking *asking, long result, uint32_t called) {
  if (result >= 0) {
    hand_over(self, result);
    SC(close, result);
  }
  const struct answer answer = {asking->id, result < 0 ? (int32_t)result : DONE_WITH_DESCRIPTOR, called, 0};
  put(self, &answer, sizeof answer);
}

static long make_socket(const struct asking *asking, uint32_t *called) {
  const size_t address = asking->bytes - FIXED_BYTES;
  const int one = 1;
  *called = CALLED_SOCKET;
  long fd = SC(socket, asking->arg[0], asking->arg[1] | O_CLOEXEC | O_NONBLOCK, asking->arg[2]);
  if (fd < 0) return fd;
  long result = 0;
  if (asking->flags & REUSE_ADDRESS) {
    *called = CALLED_SETSOCKOPT;
    result = SC(setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  }
  if (result >= 0 && asking->flags & V6_ONLY) {
    *called = CALLED_SETSOCKOPT;
    result = SC(setsockopt, fd, 41 /* IPPROTO_IPV6 */, IPV6_V6ONLY, &one, sizeof one);
  }
  if (result >= 0 && address > 0) {
    const int connects = (asking->flags & CONNECT) != 0;
    *called = connects ? CALLED_CONNECT : CALLED_BIND;
    result = connects ? SC(connect, fd, asking->more, address) : SC(bind, fd, asking->more, address);
  }
  if (result >= 0 && asking->arg[3] >= 0) {
    *called = CALLED_LISTEN;
    result = SC(listen, fd, asking->arg[3]);
  }
  if (result >= 0) return fd;
  SC(close, fd);
  return result;
}

static long open_below_root(const struct envoy *self, const char *path, int64_t flags, int64_t mode) {
  const struct open_how how = {
      .flags = (uint64_t)flags | O_CLOEXEC, .mode = (uint64_t)mode, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
  long fd = SC(openat2, self->root, path, &how, sizeof how);
  /* Before Linux 5.6: the root is ours already, and links end there. */
  return fd == -ENOSYS ? SC(openat, AT_FDCWD, path, flags | O_CLOEXEC, mode) : fd;
}

/*
 * First a name and no more, which no driver notices; then, where it is a file or a folder, that very one is opened, by our
 * own /proc from before: the one here is not ours to trust.
 */
static long open_known(const struct envoy *self, const struct asking *asking) {
  const int64_t flags = asking->arg[0], mode = asking->arg[1];
  const char *path = asking->more;
  if (flags & __O_TMPFILE) return -EINVAL;
  for (int turn = 0; turn < 8; turn++) {
    long name = flags & O_EXCL && flags & O_CREAT ? -ENOENT
                                                  : open_below_root(self, path, O_PATH | (flags & (O_NOFOLLOW | O_DIRECTORY)), 0);
    if (name == -ENOENT && flags & O_CREAT) {
      long made = open_below_root(self, path, flags | O_EXCL | O_NONBLOCK | O_NOCTTY, mode);
      if (made != -EEXIST || flags & O_EXCL) return made;
      continue;
    }
    if (name < 0) return name;
    struct stat status = {0};
    char number[DECIMAL_ROOM];
    long result = SC(fstat, name, &status);
    const uint32_t kind = status.st_mode & KIND;
    const int is_plain = result >= 0 && (kind == KIND_FILE || kind == KIND_FOLDER);
    if (result >= 0 && kind == KIND_LINK) result = -ELOOP;
    else if (result >= 0 && !is_plain && !asking->arg[2]) result = -ENXIO;
    if (result >= 0) {
      const int64_t again = (flags & ~(int64_t)(O_CREAT | O_EXCL | O_NOFOLLOW)) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
      result = SC(openat, self->descriptors, decimal(number, (uint32_t)name), again);
    }
    SC(close, name);
    return result;
  }
  return -EAGAIN;
}

static void answer_content(const struct envoy *self, const struct asking *asking) {
  static char content[1 << 16];
  struct answer answer = {asking->id, 0, CALLED_OPEN, 0};
  long fd = open_known(self, asking);
  if (fd < 0) answer.result = (int32_t)fd;
  int64_t left = asking->arg[3];
  while (fd >= 0) {
    answer.called = CALLED_READ;
    long got = SC(read, fd, content, sizeof content);
    if (got == -EINTR) continue;
    if (got > left) got = -EFBIG;
    answer.result = got > 0 ? MORE : (int32_t)got;
    answer.bytes = got > 0 ? (uint32_t)got : 0;
    if (got <= 0) break;
    left -= got;
    put(self, &answer, sizeof answer);
    put(self, content, (size_t)got);
  }
  if (fd >= 0) SC(close, fd);
  put(self, &answer, sizeof answer);
}

void serve_step(struct launch *launch, const struct step *step) {
  static struct asking asking;
  struct envoy self = {.launch = launch, .stream = (int)step->arg[0], .rights = (int)step->arg[1]};
  self.descriptors = descriptor(launch, step->arg[2]);
  self.namespaces = descriptor(launch, step->arg[3]);
  self.root = (int)SC(openat, AT_FDCWD, "/", O_PATH | O_CLOEXEC);
  for (;;) {
    uint32_t called = CALLED_OPEN;
    get(&self, &asking, FIXED_BYTES);
    if (asking.bytes < FIXED_BYTES || asking.bytes > FIXED_BYTES + 4096) leave(EXIT_OWN);
    get(&self, asking.more, asking.bytes - FIXED_BYTES);
    asking.more[asking.bytes - FIXED_BYTES] = '\0';
    switch (asking.what) {
    case ASK_SOCKET: {
      long fd = make_socket(&asking, &called);
      answer_descriptor(&self, &asking, fd, called);
      break;
    }
    case ASK_OPEN:
      answer_descriptor(&self, &asking, open_known(&self, &asking), called);
      break;
    case ASK_READ:
      answer_content(&self, &asking);
      break;
    case ASK_NAMESPACE:
      answer_descriptor(&self, &asking, SC(openat, self.namespaces, asking.more, O_RDONLY | O_CLOEXEC), called);
      break;
    default:
      leave(EXIT_OWN);
    }
  }
}
