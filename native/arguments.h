// What JavaScript handed in, checked. Each function throws (TypeError for a wrong type, RangeError for a wrong value)
// and returns false where it does: the caller then returns NULL, and the kernel is never asked.
#ifndef NSATLAS_ARGUMENTS_H
#define NSATLAS_ARGUMENTS_H

#include <node_api.h>
#include <stdbool.h>

#include "sys.h"

// As linux/limits.h: a path's bytes with the NUL that ends it.
#define PATH_BYTES 4096

// Fills argv[count]; those left out are `undefined`, which none of the functions below takes for a value.
bool arguments(napi_env env, napi_callback_info info, size_t count, napi_value *argv);

bool int32_argument(napi_env env, napi_value value, const char *name, int32_t *into);
bool uint32_argument(napi_env env, napi_value value, const char *name, uint32_t *into);

// A string in UTF-8. One that is longer than the kernel takes is its refusal to give, not an exception: `*too_long` is
// then -ENAMETOOLONG, else 0. A NUL inside would hide the rest from the kernel: TypeError.
bool path_argument(napi_env env, napi_value value, const char *name, char path[PATH_BYTES], long *too_long);

struct elements {
  void *at;
  size_t count;
};
// A typed array of exactly this type (a Buffer is a Uint8Array) with at least `least` elements. `at` is valid until
// JavaScript runs again.
bool elements_argument(napi_env env, napi_value value, const char *name, napi_typedarray_type type, size_t least,
                       struct elements *into);

// For use with `return`: a thrown RangeError, "NAME PROBLEM".
napi_value out_of_range(napi_env env, const char *name, const char *problem);

// A result >= 0 or -errno, as JavaScript's number.
napi_value number(napi_env env, long result);
// The same as a promise that is kept already.
napi_value resolved(napi_env env, long result);

#endif
