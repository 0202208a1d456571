// statmount(2) and listmount(2). What is asked is laid out in JavaScript, as struct mnt_id_req has it; its first word says
// how long it is, and the kernel reads no more than that. Source: include/uapi/linux/mount.h, fs/namespace.c.
#include "addon.h"
#include "arguments.h"

// Of Linux 6.8; headers of before lack them.
#ifndef __NR_statmount
#define __NR_statmount 457
#define __NR_listmount 458
#endif

// MNT_ID_REQ_SIZE_VER0: shorter ones are EINVAL.
#define LEAST_REQUEST 24

static bool request_argument(napi_env env, napi_value value, struct elements *into) {
  if (!elements_argument(env, value, "request", napi_uint8_array, LEAST_REQUEST, into)) return false;
  const unsigned char *bytes = into->at;
  uint32_t said = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | (uint32_t)bytes[3] << 24;
  if (said <= into->count) return true;
  out_of_range(env, "request", "is shorter than its first word says");
  return false;
}

napi_value sys_statmount(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  struct elements request, into;
  if (!arguments(env, info, 2, argv) || !request_argument(env, argv[0], &request) ||
      !elements_argument(env, argv[1], "into", napi_uint8_array, 1, &into)) {
    return NULL;
  }
  return number(env, SC(statmount, request.at, into.at, into.count, 0));
}

napi_value sys_listmount(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  struct elements request, into;
  if (!arguments(env, info, 2, argv) || !request_argument(env, argv[0], &request) ||
      !elements_argument(env, argv[1], "into", napi_biguint64_array, 1, &into)) {
    return NULL;
  }
  return number(env, SC(listmount, request.at, into.at, into.count, 0));
}
