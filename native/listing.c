// Namespaces without a file that leads to them: their ids by listns(2), and a file by the id alone. What is asked is laid
// out in JavaScript. Source: include/uapi/linux/nsfs.h, kernel/nstree.c, fs/nsfs.c nsfs_fh_to_dentry.
#include <linux/fcntl.h>

#include "addon.h"
#include "arguments.h"

// Of Linux 6.19; headers of before lack it.
#ifndef __NR_listns
#define __NR_listns 470
#endif

// NS_ID_REQ_SIZE_VER0: shorter ones are EINVAL.
#define LEAST_REQUEST 32
// struct file_handle's head: how many bytes follow, and of what kind they are.
#define HANDLE_HEAD 8

static uint32_t first_word(const unsigned char *bytes) {
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

napi_value sys_listns(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  struct elements request, into;
  if (!arguments(env, info, 2, argv) ||
      !elements_argument(env, argv[0], "request", napi_uint8_array, LEAST_REQUEST, &request) ||
      !elements_argument(env, argv[1], "into", napi_biguint64_array, 1, &into)) {
    return NULL;
  }
  if (first_word(request.at) > request.count) return out_of_range(env, "request", "is shorter than its first word says");
  return number(env, SC(listns, request.at, into.at, into.count, 0));
}

napi_value sys_open_by_handle_at(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  int32_t mount, flags;
  struct elements handle;
  if (!arguments(env, info, 3, argv) || !int32_argument(env, argv[0], "mount", &mount) ||
      !elements_argument(env, argv[1], "handle", napi_uint8_array, HANDLE_HEAD, &handle) ||
      !int32_argument(env, argv[2], "flags", &flags)) {
    return NULL;
  }
  if (first_word(handle.at) > handle.count - HANDLE_HEAD) {
    return out_of_range(env, "handle", "is shorter than its first word says");
  }
  if (flags & (O_ACCMODE | O_CREAT | O_TRUNC)) return out_of_range(env, "flags", "may only open for reading");
  return number(env, SC(open_by_handle_at, mount, handle.at, flags | O_CLOEXEC));
}
