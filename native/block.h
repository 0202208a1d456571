// The one ArrayBuffer that the columns of a table lie in, one after the other. They are laid out twice: first only to add
// up `used`, then, with `creating`, each column becomes a property of `result`.
#ifndef NSATLAS_BLOCK_H
#define NSATLAS_BLOCK_H

#include <node_api.h>

#include "growing.h"

struct block {
  napi_env env;
  bool creating;
  napi_value buffer, result;
  unsigned char *memory;
  size_t used;
  bool failed;
};

// Where the column lies, once it is created.
void *column(struct block *block, const char *name, napi_typedarray_type type, size_t element, size_t count);

#define BIGUINT64S(name, count) column(block, name, napi_biguint64_array, sizeof(uint64_t), count)
#define DOUBLES(name, count) column(block, name, napi_float64_array, sizeof(double), count)
#define INT32S(name, count) column(block, name, napi_int32_array, sizeof(int32_t), count)
#define UINT32S(name, count) column(block, name, napi_uint32_array, sizeof(uint32_t), count)
#define UINT16S(name, count) column(block, name, napi_uint16_array, sizeof(uint16_t), count)
#define UINT8S(name, count) column(block, name, napi_uint8_array, sizeof(uint8_t), count)

// Between the two times: the result and memory for all columns. False: Node could not make them.
bool begin_creating(struct block *block);

bool set_number(napi_env env, napi_value object, const char *name, double value);
// `refused`: pairs [errno, how many]. `counts` has a slot for each errno up to MAX_ERRNO.
bool set_refused(napi_env env, napi_value object, const uint32_t *counts, size_t size);

#endif
