// The network namespaces of sockets: of other processes', and of one of our own.
#include <asm/poll.h>
#include <asm/socket.h>
#include <asm/sockios.h>
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/sockios.h>
#include <linux/stat.h>
#include <linux/time_types.h>

#include "addon.h"
#include "arguments.h"

// The headers of a C library have these; the kernel's own do not.
#define AF_UNIX 1
#define SOCK_STREAM 1
#ifndef SIOCGSKNS
#define SIOCGSKNS 0x894c
#endif

// What askSocket tells, by slot; src/kernel/live/native.ts has the same.
enum { INODE, ASKED, DEVICE, NAMESPACE, COOKIE, WAITING, SLOTS };

static long cookie_of(long socket, uint64_t *into) {
  uint32_t size = sizeof *into;
  return SC(getsockopt, socket, SOL_SOCKET, SO_NETNS_COOKIE, into, &size);
}

// Whether a message waits: only then descriptors can be under way with it.
static bool has_messages(long socket) {
  struct pollfd wanted = {.fd = (int)socket, .events = POLLIN};
  struct __kernel_timespec at_once = {0};
  return SC(ppoll, &wanted, 1, &at_once, NULL, 0) > 0;
}

static void ask_namespace(long socket, uint64_t *into) {
  struct stat status;
  long namespace = SC(ioctl, socket, SIOCGSKNS, 0);
  into[ASKED] = namespace < 0 ? (uint64_t)-namespace : 0;
  if (namespace < 0) {
    if (cookie_of(socket, into + COOKIE) < 0) into[COOKIE] = 0;
    return;
  }
  if (SC(fstat, namespace, &status) == 0) {
    into[DEVICE] = status.st_dev;
    into[NAMESPACE] = status.st_ino;
  }
  SC(close, namespace);
}

napi_value sys_ask_socket(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  int32_t pidfd, fd;
  struct elements into;
  if (!arguments(env, info, 3, argv) || !int32_argument(env, argv[0], "pidfd", &pidfd) ||
      !int32_argument(env, argv[1], "fd", &fd) ||
      !elements_argument(env, argv[2], "into", napi_biguint64_array, SLOTS, &into)) {
    return NULL;
  }
  uint64_t *slots = into.at;
  memset(slots, 0, SLOTS * sizeof *slots);
  struct stat status;
  long socket = SC(pidfd_getfd, pidfd, fd, 0);
  if (socket < 0) return number(env, socket);
  long result = SC(fstat, socket, &status);
  if (result == 0 && !S_ISSOCK(status.st_mode)) result = -ENOTSOCK;
  if (result == 0) {
    slots[INODE] = status.st_ino;
    ask_namespace(socket, slots);
    slots[WAITING] = has_messages(socket);
  }
  SC(close, socket);
  return number(env, result);
}

napi_value sys_open_socket_namespace(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  int32_t pidfd, fd;
  if (!arguments(env, info, 2, argv) || !int32_argument(env, argv[0], "pidfd", &pidfd) ||
      !int32_argument(env, argv[1], "fd", &fd)) {
    return NULL;
  }
  long socket = SC(pidfd_getfd, pidfd, fd, 0);
  if (socket < 0) return number(env, socket);
  struct stat status;
  long result = SC(fstat, socket, &status);
  // The request means something else to other files.
  if (result == 0) result = S_ISSOCK(status.st_mode) ? SC(ioctl, socket, SIOCGSKNS, 0) : -ENOTSOCK;
  SC(close, socket);
  return number(env, result);
}

napi_value sys_own_netns_cookie(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  struct elements into;
  if (!arguments(env, info, 1, argv) || !elements_argument(env, argv[0], "into", napi_biguint64_array, 1, &into)) {
    return NULL;
  }
  long socket = SC(socket, AF_UNIX, SOCK_STREAM | O_CLOEXEC, 0);
  if (socket < 0) return number(env, socket);
  long result = cookie_of(socket, into.at);
  SC(close, socket);
  return number(env, result);
}
