// Descriptors that another process hands over: a pair of sockets, and taking one descriptor out of a message.
#include <asm/socket.h>
#include <linux/fcntl.h>

#include "addon.h"
#include "arguments.h"
#include "message.h"

// The headers of a C library have these; the kernel's own do not.
#define AF_UNIX 1
#define SOCK_SEQPACKET 5
#define MSG_DONTWAIT 0x40
#define MSG_CMSG_CLOEXEC 0x40000000

napi_value sys_message_pair(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  struct elements into;
  if (!arguments(env, info, 1, argv) || !elements_argument(env, argv[0], "into", napi_int32_array, 2, &into)) {
    return NULL;
  }
  return number(env, SC(socketpair, AF_UNIX, SOCK_SEQPACKET | O_CLOEXEC, 0, into.at));
}

static long receive(int socket) {
  struct right right = {0};
  char byte;
  struct part part = {&byte, 1};
  struct message message = {.parts = &part, .part_count = 1, .control = &right, .control_bytes = sizeof right};
  long got = SC(recvmsg, socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0) return got;
  const bool has_right = message.control_bytes >= RIGHT_BYTES && right.level == SOL_SOCKET && right.type == SCM_RIGHTS;
  return has_right ? right.fd : -EBADMSG;
}

napi_value sys_receive_descriptor(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  int32_t socket;
  if (!arguments(env, info, 1, argv) || !int32_argument(env, argv[0], "socket", &socket)) return NULL;
  return number(env, receive(socket));
}
