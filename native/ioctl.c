// The ioctls of namespaces and pidfds, and SIOCGSKNS of sockets. Nothing else goes through: what a driver does with the
// argument is its own affair, and a wrong one could make the kernel write over Node's memory. Of these two magics all
// requests keep to the size that their number announces (so do those of remoteproc, which shares 0xb7), but for
// NS_GET_OWNER_UID. See Documentation/userspace-api/ioctl/ioctl-number.rst.
// Source: include/uapi/linux/nsfs.h, include/uapi/linux/pidfd.h, fs/nsfs.c, fs/pidfs.c.
#include <linux/ioctl.h>

#include "addon.h"
#include "arguments.h"

#define NSFS 0xb7
#define PIDFS 0xff
#define SIOCGSKNS 0x894c

#define NS_GET_USERNS _IO(NSFS, 0x1)
#define NS_GET_PARENT _IO(NSFS, 0x2)
#define NS_GET_NSTYPE _IO(NSFS, 0x3)
#define NS_GET_OWNER_UID _IO(NSFS, 0x4)
#define NS_GET_PID_FROM_PIDNS _IOR(NSFS, 0x6, int)
#define NS_GET_TGID_FROM_PIDNS _IOR(NSFS, 0x7, int)
#define NS_GET_PID_IN_PIDNS _IOR(NSFS, 0x8, int)
#define NS_GET_TGID_IN_PIDNS _IOR(NSFS, 0x9, int)
#define PIDFD_GET_CGROUP_NAMESPACE _IO(PIDFS, 0x1)
#define PIDFD_GET_UTS_NAMESPACE _IO(PIDFS, 0xa)

// NS_GET_OWNER_UID announces no bytes and writes a uid_t: less room than this is never right.
#define LEAST_BUFFER 8

// The kernel does not look at the argument.
static bool ignores_argument(uint32_t request) {
  return request == NS_GET_USERNS || request == NS_GET_PARENT || request == NS_GET_NSTYPE;
}

// The argument is a number, whatever direction and size the request number names.
static bool takes_number(uint32_t request) {
  switch (request) {
    case NS_GET_PID_FROM_PIDNS:
    case NS_GET_TGID_FROM_PIDNS:
    case NS_GET_PID_IN_PIDNS:
    case NS_GET_TGID_IN_PIDNS:
    case SIOCGSKNS:
      return true;
    default:
      // All that gives a namespace of a process, and wants 0.
      return request >= PIDFD_GET_CGROUP_NAMESPACE && request <= PIDFD_GET_UTS_NAMESPACE;
  }
}

// The argument is an address, where the kernel touches no more than _IOC_SIZE or LEAST_BUFFER bytes. Requests of later
// kernels are among these if they announce a size; one that announces none must be known.
static bool takes_address(uint32_t request) {
  uint32_t magic = _IOC_TYPE(request);
  if (request == NS_GET_OWNER_UID) return true;
  return (magic == NSFS || magic == PIDFS) && _IOC_DIR(request) != _IOC_NONE && _IOC_SIZE(request) > 0 &&
         !takes_number(request);
}

napi_value sys_ioctl(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  int32_t fd;
  uint32_t request;
  struct elements buffer;
  if (!arguments(env, info, 3, argv) || !int32_argument(env, argv[0], "fd", &fd) ||
      !uint32_argument(env, argv[1], "request", &request) ||
      !elements_argument(env, argv[2], "buffer", napi_uint8_array, LEAST_BUFFER, &buffer)) {
    return NULL;
  }
  if (!takes_address(request) && !ignores_argument(request)) {
    return out_of_range(env, "request", "is none that reads or fills a buffer of known size");
  }
  if (buffer.count < _IOC_SIZE(request)) return out_of_range(env, "buffer", "is shorter than the request says");
  return number(env, SC(ioctl, fd, request, buffer.at));
}

napi_value sys_ioctl_value(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  int32_t fd, value;
  uint32_t request;
  if (!arguments(env, info, 3, argv) || !int32_argument(env, argv[0], "fd", &fd) ||
      !uint32_argument(env, argv[1], "request", &request) || !int32_argument(env, argv[2], "value", &value)) {
    return NULL;
  }
  if (!takes_number(request) && !ignores_argument(request)) {
    return out_of_range(env, "request", "is none that takes a number");
  }
  return number(env, SC(ioctl, fd, request, value));
}
