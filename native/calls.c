// Raw system calls: each gives what the kernel gives, a result >= 0 or -errno. Every descriptor made here is
// close-on-exec, and none can write to a file.
#include <asm/stat.h>
#include <asm/statfs.h>
#include <linux/fcntl.h>
#include <linux/openat2.h>
#include <linux/stat.h>

#include "addon.h"
#include "arguments.h"

napi_value sys_openat(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  int32_t dirfd, flags;
  char path[PATH_BYTES];
  long too_long;
  if (!arguments(env, info, 3, argv) || !int32_argument(env, argv[0], "dirfd", &dirfd) ||
      !path_argument(env, argv[1], "path", path, &too_long) || !int32_argument(env, argv[2], "flags", &flags)) {
    return NULL;
  }
  // O_TMPFILE needs write access, so it is out as well.
  if (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) return out_of_range(env, "flags", "may only open for reading");
  return number(env, too_long ? too_long : SC(openat, dirfd, path, flags | O_CLOEXEC));
}

napi_value sys_close(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  int32_t fd;
  if (!arguments(env, info, 1, argv) || !int32_argument(env, argv[0], "fd", &fd)) return NULL;
  return number(env, SC(close, fd));
}

napi_value sys_openat2(napi_env env, napi_callback_info info) {
  napi_value argv[4];
  int32_t dirfd, flags, resolve;
  char path[PATH_BYTES];
  long too_long;
  if (!arguments(env, info, 4, argv) || !int32_argument(env, argv[0], "dirfd", &dirfd) ||
      !path_argument(env, argv[1], "path", path, &too_long) || !int32_argument(env, argv[2], "flags", &flags) ||
      !int32_argument(env, argv[3], "resolve", &resolve)) {
    return NULL;
  }
  if (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) return out_of_range(env, "flags", "may only open for reading");
  const struct open_how how = {.flags = (uint32_t)flags | O_CLOEXEC, .resolve = (uint32_t)resolve};
  return number(env, too_long ? too_long : SC(openat2, dirfd, path, &how, sizeof how));
}

static uint64_t device_number(uint64_t major, uint64_t minor) {
  return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~(uint64_t)0xff) << 12 | (major & ~(uint64_t)0xfff) << 32;
}

// fstat(2), but what the kernel knows is told as it is: a file system that would ask somebody else, and may wait for ever
// (FUSE, network), is not asked. Before Linux 4.11, and under filters that know no statx, fstat itself has to do.
static long status_of(int fd, uint64_t slots[5]) {
  struct statx known;
  long result = SC(statx, fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS, &known);
  if (result == 0) {
    slots[0] = device_number(known.stx_dev_major, known.stx_dev_minor);
    slots[1] = known.stx_ino;
    slots[2] = known.stx_mode;
    slots[3] = known.stx_uid;
    slots[4] = known.stx_gid;
  }
  if (result != -ENOSYS && result != -EPERM) return result;
  struct stat status;
  result = SC(fstat, fd, &status);
  if (result < 0) return result;
  slots[0] = status.st_dev;
  slots[1] = status.st_ino;
  slots[2] = status.st_mode;
  slots[3] = status.st_uid;
  slots[4] = status.st_gid;
  return result;
}

napi_value sys_fstat(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  int32_t fd;
  struct elements into;
  if (!arguments(env, info, 2, argv) || !int32_argument(env, argv[0], "fd", &fd) ||
      !elements_argument(env, argv[1], "into", napi_biguint64_array, 5, &into)) {
    return NULL;
  }
  return number(env, status_of(fd, into.at));
}

napi_value sys_fstatfs(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  int32_t fd;
  if (!arguments(env, info, 1, argv) || !int32_argument(env, argv[0], "fd", &fd)) return NULL;
  struct statfs status;
  long result = SC(fstatfs, fd, &status);
  // The kernel's magics have 32 bits; some file systems extend the sign.
  return number(env, result < 0 ? result : (long)(uint32_t)status.f_type);
}

napi_value sys_readlinkat(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  int32_t dirfd;
  char path[PATH_BYTES];
  long too_long;
  struct elements into;
  if (!arguments(env, info, 3, argv) || !int32_argument(env, argv[0], "dirfd", &dirfd) ||
      !path_argument(env, argv[1], "path", path, &too_long) ||
      !elements_argument(env, argv[2], "into", napi_uint8_array, 1, &into)) {
    return NULL;
  }
  // The kernel takes the size as an int, and no link is longer than a path.
  size_t room = into.count < PATH_BYTES ? into.count : PATH_BYTES;
  return number(env, too_long ? too_long : SC(readlinkat, dirfd, path, into.at, room));
}

napi_value sys_fcntl(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  int32_t fd, command, argument;
  if (!arguments(env, info, 3, argv) || !int32_argument(env, argv[0], "fd", &fd) ||
      !int32_argument(env, argv[1], "command", &command) || !int32_argument(env, argv[2], "argument", &argument)) {
    return NULL;
  }
  switch (command) {
    case F_DUPFD_CLOEXEC:
    case F_GETFD:
    case F_SETFD:
    case F_GETFL:
      return number(env, SC(fcntl, fd, command, argument));
    default:
      // Many others take the argument for an address to write to.
      return out_of_range(env, "command", "must be F_DUPFD_CLOEXEC, F_GETFD, F_SETFD or F_GETFL");
  }
}

napi_value sys_pipe2(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  int32_t flags;
  struct elements into;
  if (!arguments(env, info, 2, argv) || !elements_argument(env, argv[0], "into", napi_int32_array, 2, &into) ||
      !int32_argument(env, argv[1], "flags", &flags)) {
    return NULL;
  }
  return number(env, SC(pipe2, into.at, flags | O_CLOEXEC));
}

// No signal: only whether there is a process to send one to.
napi_value sys_pidfd_probe(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  int32_t pidfd;
  if (!arguments(env, info, 1, argv) || !int32_argument(env, argv[0], "pidfd", &pidfd)) return NULL;
  return number(env, SC(pidfd_send_signal, pidfd, 0, NULL, 0));
}

napi_value sys_pidfd_open(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  int32_t pid;
  uint32_t flags;
  if (!arguments(env, info, 2, argv) || !int32_argument(env, argv[0], "pid", &pid) ||
      !uint32_argument(env, argv[1], "flags", &flags)) {
    return NULL;
  }
  return number(env, SC(pidfd_open, pid, flags));
}
