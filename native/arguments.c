#include "arguments.h"

// Node's own codes for the same mistakes.
static const char WRONG_TYPE[] = "ERR_INVALID_ARG_TYPE";
static const char WRONG_VALUE[] = "ERR_OUT_OF_RANGE";

#define MESSAGE_BYTES 128

static const char *message(char into[MESSAGE_BYTES], const char *name, const char *problem) {
  size_t at = 0;
  while (*name && at < MESSAGE_BYTES - 2) into[at++] = *name++;
  into[at++] = ' ';
  while (*problem && at < MESSAGE_BYTES - 1) into[at++] = *problem++;
  into[at] = '\0';
  return into;
}

static bool wrong_type(napi_env env, const char *name, const char *problem) {
  char text[MESSAGE_BYTES];
  napi_throw_type_error(env, WRONG_TYPE, message(text, name, problem));
  return false;
}

static bool wrong_value(napi_env env, const char *name, const char *problem) {
  char text[MESSAGE_BYTES];
  napi_throw_range_error(env, WRONG_VALUE, message(text, name, problem));
  return false;
}

napi_value out_of_range(napi_env env, const char *name, const char *problem) {
  wrong_value(env, name, problem);
  return NULL;
}

bool arguments(napi_env env, napi_callback_info info, size_t count, napi_value *argv) {
  return napi_get_cb_info(env, info, &count, argv, NULL, NULL) == napi_ok;
}

// Any whole number from `least` to `most`. napi_get_value_int32 would fold NaN, fractions and large numbers into some
// other number without a word.
static bool whole_number(napi_env env, napi_value value, const char *name, double least, double most, double *into) {
  if (napi_get_value_double(env, value, into) != napi_ok) return wrong_type(env, name, "must be a number");
  if (!(*into >= least && *into <= most)) return wrong_value(env, name, "is out of range");
  if ((double)(int64_t)*into != *into) return wrong_value(env, name, "must be a whole number");
  return true;
}

bool int32_argument(napi_env env, napi_value value, const char *name, int32_t *into) {
  double given;
  if (!whole_number(env, value, name, INT32_MIN, INT32_MAX, &given)) return false;
  *into = (int32_t)given;
  return true;
}

bool uint32_argument(napi_env env, napi_value value, const char *name, uint32_t *into) {
  double given;
  if (!whole_number(env, value, name, 0, UINT32_MAX, &given)) return false;
  *into = (uint32_t)given;
  return true;
}

/*
 * Names of files are bytes: those that are no UTF-8 are halves of surrogate pairs in a text, U+DC80 to U+DCFF
 * (src/procfs/path-bytes.ts). Node-API writes U+FFFD for such a half, three bytes for the one that it stands for.
 */
static bool put_other_bytes(napi_env env, napi_value value, char path[PATH_BYTES]) {
  char16_t units[PATH_BYTES];
  size_t count = 0, read = 0, at = 0;
  const char *look = path;
  while (*look && *look != '\xef') look++;
  if (!*look) return true;
  if (napi_get_value_string_utf16(env, value, units, PATH_BYTES, &count) != napi_ok) return false;
  for (size_t unit = 0; unit < count; unit++) {
    char16_t code = units[unit];
    bool is_pair = code >= 0xd800 && code < 0xdc00 && unit + 1 < count && units[unit + 1] >= 0xdc00 && units[unit + 1] < 0xe000;
    size_t bytes = is_pair ? 4 : code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    if (is_pair) unit++;
    if (!is_pair && code >= 0xdc80 && code <= 0xdcff) path[at++] = (char)(code - 0xdc00);
    else memmove(path + at, path + read, bytes), at += bytes;
    read += bytes;
  }
  path[at] = 0;
  return true;
}

bool path_argument(napi_env env, napi_value value, const char *name, char path[PATH_BYTES], long *too_long) {
  size_t length;
  if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) {
    return wrong_type(env, name, "must be a string");
  }
  *too_long = length < PATH_BYTES ? 0 : -ENAMETOOLONG;
  if (*too_long) return true;
  if (napi_get_value_string_utf8(env, value, path, PATH_BYTES, &length) != napi_ok) {
    return wrong_type(env, name, "must be a string");
  }
  if (strlen(path) != length) return wrong_type(env, name, "must be a string without NUL");
  return put_other_bytes(env, value, path);
}

bool elements_argument(napi_env env, napi_value value, const char *name, napi_typedarray_type type, size_t least,
                       struct elements *into) {
  bool is_typed_array = false;
  napi_typedarray_type actual;
  if (napi_is_typedarray(env, value, &is_typed_array) != napi_ok || !is_typed_array ||
      napi_get_typedarray_info(env, value, &actual, &into->count, &into->at, NULL, NULL) != napi_ok || actual != type) {
    return wrong_type(env, name,
                      type == napi_uint8_array    ? "must be a Uint8Array"
                      : type == napi_int32_array ? "must be an Int32Array"
                                                 : "must be a BigUint64Array");
  }
  // A detached array has no elements.
  return into->count >= least || wrong_value(env, name, "is too short");
}

napi_value number(napi_env env, long result) {
  napi_value value;
  return napi_create_int64(env, result, &value) == napi_ok ? value : NULL;
}

napi_value resolved(napi_env env, long result) {
  napi_deferred deferred;
  napi_value promise, value = number(env, result);
  if (value == NULL || napi_create_promise(env, &deferred, &promise) != napi_ok ||
      napi_resolve_deferred(env, deferred, value) != napi_ok) {
    return NULL;
  }
  return promise;
}
