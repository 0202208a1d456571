// What number our network namespace has for another one: a question that only a netlink socket answers.
// Source: net/core/net_namespace.c rtnl_net_getid, include/uapi/linux/net_namespace.h, rtnetlink(7).
#include <linux/net_namespace.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "addon.h"
#include "arguments.h"
#include "netnsid.h"

// The headers of a C library have these; the kernel's own do not.
#define AF_NETLINK 16
#define SOCK_RAW 3
#define SOCK_CLOEXEC 02000000
#define MSG_DONTWAIT 0x40

// RTM_GETNSID by a descriptor. The struct is followed by attributes, each aligned to 4 bytes.
struct question {
  struct nlmsghdr header;
  struct rtgenmsg family;
  char padding[3];
  struct nlattr name;
  int32_t fd;
};

static long ask(long socket, int32_t fd, void *answer, size_t room) {
  struct question question = {
      .header = {.nlmsg_len = sizeof question, .nlmsg_type = RTM_GETNSID, .nlmsg_flags = NLM_F_REQUEST, .nlmsg_seq = 1},
      .name = {.nla_len = sizeof question.name + sizeof fd, .nla_type = NETNSA_FD},
      .fd = fd,
  };
  long sent = SC(sendto, socket, &question, sizeof question, 0, NULL, 0);
  // The kernel has answered before sendto returns.
  return sent < 0 ? sent : SC(recvfrom, socket, answer, room, MSG_DONTWAIT, NULL, NULL);
}

// Finds NETNSA_NSID among the attributes of one message. -EBADMSG: it is none that was asked for.
static long read_answer(const unsigned char *message, size_t length, int32_t *id) {
  struct nlmsghdr header;
  if (length < sizeof header + sizeof(int32_t)) return -EBADMSG;
  memcpy(&header, message, sizeof header);
  if (header.nlmsg_type == NLMSG_ERROR) {
    int32_t error;
    memcpy(&error, message + sizeof header, sizeof error);
    return error < 0 ? error : -EBADMSG;
  }
  if (header.nlmsg_type != RTM_NEWNSID || header.nlmsg_len > length) return -EBADMSG;
  size_t at = NLMSG_ALIGN(sizeof header + sizeof(struct rtgenmsg));
  while (at + sizeof(struct nlattr) <= header.nlmsg_len) {
    struct nlattr attribute;
    memcpy(&attribute, message + at, sizeof attribute);
    if (attribute.nla_len < sizeof attribute || at + attribute.nla_len > header.nlmsg_len) break;
    if (attribute.nla_type == NETNSA_NSID && attribute.nla_len >= sizeof attribute + sizeof *id) {
      memcpy(id, message + at + sizeof attribute, sizeof *id);
      return 0;
    }
    at += NLA_ALIGN(attribute.nla_len);
  }
  return -EBADMSG;
}

// A socket for each question: nothing of an answer that came too late is taken for the next one's.
long netnsid_of(int32_t fd, int32_t *id) {
  unsigned char answer[512] __attribute__((aligned(8)));
  long socket = SC(socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (socket < 0) return socket;
  long result = ask(socket, fd, answer, sizeof answer);
  SC(close, socket);
  return result < 0 ? result : read_answer(answer, (size_t)result, id);
}

napi_value sys_netnsid(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  int32_t fd;
  struct elements into;
  if (!arguments(env, info, 2, argv) || !int32_argument(env, argv[0], "fd", &fd) ||
      !elements_argument(env, argv[1], "into", napi_int32_array, 1, &into)) {
    return NULL;
  }
  return number(env, netnsid_of(fd, into.at));
}
