#include "columns.h"

// The one ArrayBuffer that all columns lie in, one after the other. Laid out twice: first only to add up `used`, then,
// with `creating`, each column becomes a property of `result`.
struct block {
  napi_env env;
  bool creating;
  napi_value buffer, result;
  unsigned char *memory;
  size_t used;
  bool failed;
};

struct columns {
  double *start_time, *inode, *device;
  int32_t *pid, *ppid;
  uint32_t *uid, *flags, *command_offset, *cgroup_offset;
  uint16_t *error, *command_error, *cgroup_error;
  uint8_t *state, *comm, *command_bytes, *cgroup_bytes;
};

static void *column(struct block *block, const char *name, napi_typedarray_type type, size_t element, size_t count) {
  size_t start = block->used;
  block->used += element * count;
  if (!block->creating || block->failed) return NULL;
  napi_value array;
  block->failed = napi_create_typedarray(block->env, type, count, block->buffer, start, &array) != napi_ok ||
                  napi_set_named_property(block->env, block->result, name, array) != napi_ok;
  return block->memory + start;
}

#define DOUBLES(name, count) column(block, name, napi_float64_array, sizeof(double), count)
#define INT32S(name, count) column(block, name, napi_int32_array, sizeof(int32_t), count)
#define UINT32S(name, count) column(block, name, napi_uint32_array, sizeof(uint32_t), count)
#define UINT16S(name, count) column(block, name, napi_uint16_array, sizeof(uint16_t), count)
#define UINT8S(name, count) column(block, name, napi_uint8_array, sizeof(uint8_t), count)

// Widest elements first, so that every column is aligned.
static void lay_out(struct block *block, const struct scan *scan, size_t count, struct columns *into) {
  bool commands = scan->wish & COMMAND_LINES, cgroups = scan->wish & CGROUPS, devices = scan->wish & EVERY_DEVICE;
  block->used = 0;
  into->start_time = DOUBLES("startTime", count);
  into->inode = DOUBLES("inode", LINKS * count);
  if (devices) into->device = DOUBLES("device", LINKS * count);
  into->pid = INT32S("pid", count);
  into->ppid = INT32S("ppid", count);
  into->uid = UINT32S("uid", count);
  into->flags = UINT32S("flags", count);
  if (commands) into->command_offset = UINT32S("commandLineOffset", count + 1);
  if (cgroups) into->cgroup_offset = UINT32S("cgroupOffset", count + 1);
  into->error = UINT16S("errno", LINKS * count);
  if (commands) into->command_error = UINT16S("commandLineErrno", count);
  if (cgroups) into->cgroup_error = UINT16S("cgroupErrno", count);
  into->state = UINT8S("state", count);
  into->comm = UINT8S("comm", COMM_BYTES * count);
  if (commands) into->command_bytes = UINT8S("commandLineBytes", scan->commands.used);
  if (cgroups) into->cgroup_bytes = UINT8S("cgroupBytes", scan->cgroups.used);
}

// The texts lie in the order of the rows, without gaps: an offset is where the one before ended.
static void fill_text(const struct growing *all, const struct text *text, size_t row, uint32_t *offset,
                      uint16_t *error) {
  offset[row] = (uint32_t)text->start;
  offset[row + 1] = (uint32_t)all->used;
  error[row] = text->error;
}

static void fill(const struct columns *to, const struct scan *scan, size_t count) {
  const struct row *rows = (const struct row *)scan->rows.at;
  for (size_t i = 0; i < count; i++) {
    const struct row *row = rows + i;
    to->start_time[i] = (double)row->stat.start_time;
    to->pid[i] = row->pid;
    to->ppid[i] = row->stat.ppid;
    to->uid[i] = row->uid;
    to->flags[i] = row->stat.flags;
    to->state[i] = (uint8_t)row->stat.state;
    memcpy(to->comm + i * COMM_BYTES, row->stat.comm, COMM_BYTES);
    for (size_t link = 0; link < LINKS; link++) {
      to->inode[link * count + i] = (double)row->inode[link];
      to->error[link * count + i] = row->error[link];
      if (to->device) to->device[link * count + i] = (double)row->device[link];
    }
    if (to->command_offset) fill_text(&scan->commands, &row->command, i, to->command_offset, to->command_error);
    if (to->cgroup_offset) fill_text(&scan->cgroups, &row->cgroup, i, to->cgroup_offset, to->cgroup_error);
  }
  if (to->command_bytes) memcpy(to->command_bytes, scan->commands.at, scan->commands.used);
  if (to->cgroup_bytes) memcpy(to->cgroup_bytes, scan->cgroups.at, scan->cgroups.used);
}

static bool set_number(napi_env env, napi_value object, const char *name, double value) {
  napi_value property;
  return napi_create_double(env, value, &property) == napi_ok &&
         napi_set_named_property(env, object, name, property) == napi_ok;
}

// Pairs [errno, how many].
static bool set_refused(napi_env env, napi_value object, const struct scan *scan) {
  size_t kinds = 0;
  for (size_t error = 0; error <= MAX_ERRNO; error++) kinds += scan->refused[error] > 0;
  void *memory;
  napi_value buffer, array;
  if (napi_create_arraybuffer(env, kinds * 2 * sizeof(int32_t), &memory, &buffer) != napi_ok ||
      napi_create_typedarray(env, napi_int32_array, kinds * 2, buffer, 0, &array) != napi_ok) {
    return false;
  }
  int32_t *pair = memory;
  for (size_t error = 0; error <= MAX_ERRNO; error++) {
    if (scan->refused[error] == 0) continue;
    *pair++ = (int32_t)error;
    *pair++ = (int32_t)scan->refused[error];
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

napi_value columns_of(napi_env env, const struct scan *scan) {
  size_t count = scan->rows.used / sizeof(struct row);
  struct columns columns = {0};
  struct block block = {.env = env};
  lay_out(&block, scan, count, &columns);
  if (napi_create_object(env, &block.result) != napi_ok || !make_buffer(&block)) return NULL;
  block.creating = true;
  lay_out(&block, scan, count, &columns);
  if (block.failed || !set_number(env, block.result, "count", (double)count) ||
      !set_number(env, block.result, "vanished", scan->vanished) || !set_refused(env, block.result, scan)) {
    return NULL;
  }
  fill(&columns, scan, count);
  return block.result;
}
