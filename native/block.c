#include "block.h"

void *column(struct block *block, const char *name, napi_typedarray_type type, size_t element, size_t count) {
  size_t start = block->used;
  block->used += element * count;
  if (!block->creating || block->failed) return NULL;
  napi_value array;
  block->failed = napi_create_typedarray(block->env, type, count, block->buffer, start, &array) != napi_ok ||
                  napi_set_named_property(block->env, block->result, name, array) != napi_ok;
  return block->memory + start;
}

bool set_number(napi_env env, napi_value object, const char *name, double value) {
  napi_value property;
  return napi_create_double(env, value, &property) == napi_ok &&
         napi_set_named_property(env, object, name, property) == napi_ok;
}

bool set_refused(napi_env env, napi_value object, const uint32_t *counts, size_t size) {
  size_t kinds = 0;
  for (size_t error = 0; error < size; error++) kinds += counts[error] > 0;
  void *memory;
  napi_value buffer, array;
  if (napi_create_arraybuffer(env, kinds * 2 * sizeof(int32_t), &memory, &buffer) != napi_ok ||
      napi_create_typedarray(env, napi_int32_array, kinds * 2, buffer, 0, &array) != napi_ok) {
    return false;
  }
  int32_t *pair = memory;
  for (size_t error = 0; error < size; error++) {
    if (counts[error] == 0) continue;
    *pair++ = (int32_t)error;
    *pair++ = (int32_t)counts[error];
  }
  return napi_set_named_property(env, object, "refused", array) == napi_ok;
}

static void unmap(napi_env env, void *memory, void *size) {
  (void)env;
  unmap_pages(memory, (size_t)size);
}

// In pages from the kernel, which become JavaScript's. Where the runtime wants every ArrayBuffer in memory of its own,
// it says so, and makes it.
static bool make_buffer(struct block *block) {
  size_t size = block->used ? block->used : 1;
  void *memory = map_pages(size);
  if (memory == NULL) return false;
  napi_status status =
      napi_create_external_arraybuffer(block->env, memory, block->used, unmap, (void *)size, &block->buffer);
  if (status != napi_ok) {
    unmap_pages(memory, size);
    if (status != napi_no_external_buffers_allowed) return false;
    status = napi_create_arraybuffer(block->env, block->used, &memory, &block->buffer);
  }
  block->memory = memory;
  return status == napi_ok;
}

bool begin_creating(struct block *block) {
  if (napi_create_object(block->env, &block->result) != napi_ok || !make_buffer(block)) return false;
  block->creating = true;
  return true;
}
