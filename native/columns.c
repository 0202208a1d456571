#include "columns.h"

#include "block.h"

struct columns {
  double *start_time, *inode, *device;
  int32_t *pid, *ppid;
  uint32_t *uid, *flags, *threads, *command_offset, *cgroup_offset;
  uint16_t *error, *command_error, *cgroup_error;
  uint8_t *state, *comm, *command_bytes, *cgroup_bytes;
};

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
  into->threads = UINT32S("threadCount", count);
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
    to->threads[i] = row->stat.threads;
    to->state[i] = (uint8_t)row->stat.state;
    memcpy(to->comm + i * COMM_BYTES, row->stat.comm, COMM_BYTES);
    for (size_t link = 0; link < LINKS; link++) {
      to->inode[link * count + i] = (double)row->links.inode[link];
      to->error[link * count + i] = row->links.error[link];
      if (to->device) to->device[link * count + i] = (double)row->links.device[link];
    }
    if (to->command_offset) fill_text(&scan->commands, &row->command, i, to->command_offset, to->command_error);
    if (to->cgroup_offset) fill_text(&scan->cgroups, &row->cgroup, i, to->cgroup_offset, to->cgroup_error);
  }
  if (to->command_bytes) memcpy(to->command_bytes, scan->commands.at, scan->commands.used);
  if (to->cgroup_bytes) memcpy(to->cgroup_bytes, scan->cgroups.at, scan->cgroups.used);
}

// A table of what hangs from processes, as a property.
static bool set_table(struct block *block, const char *name, napi_value table) {
  return table != NULL && napi_set_named_property(block->env, block->result, name, table) == napi_ok;
}

napi_value columns_of(napi_env env, const struct scan *scan) {
  size_t count = scan->rows.used / sizeof(struct row);
  struct columns columns = {0};
  struct block block = {.env = env};
  lay_out(&block, scan, count, &columns);
  if (!begin_creating(&block)) return NULL;
  lay_out(&block, scan, count, &columns);
  if (block.failed || !set_number(env, block.result, "count", (double)count) ||
      !set_number(env, block.result, "vanished", scan->vanished) ||
      !set_refused(env, block.result, scan->refused, MAX_ERRNO + 1)) {
    return NULL;
  }
  if (scan->threads.wanted && !set_table(&block, "threads", thread_columns(env, scan))) return NULL;
  if (scan->tables.wanted && !set_table(&block, "descriptors", descriptor_columns(env, scan))) return NULL;
  fill(&columns, scan, count);
  return block.result;
}

bool set_source(napi_env env, napi_value object, const struct source *source, size_t count) {
  return set_number(env, object, "count", (double)count) && set_number(env, object, "seen", source->seen) &&
         set_number(env, object, "vanished", source->vanished) && set_number(env, object, "skipped", source->skipped) &&
         set_refused(env, object, source->refused, MAX_ERRNO + 1);
}
