#include "columns.h"

#include "block.h"
#include "link-sets.h"

struct text_columns {
  uint32_t *offset;
  uint16_t *error;
  uint8_t *bytes;
  uint32_t used;
};

struct columns {
  double *start_time, *folder, *inode, *device;
  int32_t *pid, *ppid;
  uint32_t *uid, *flags, *threads, *set;
  uint16_t *error;
  uint8_t *state, *comm;
  struct text_columns command, cgroup;
};

// Widest elements first, so that every column is aligned.
static void lay_out(struct block *block, uint32_t wish, const struct runs *runs, struct columns *into) {
  bool commands = wish & (COMMAND_LINES | FIRST_COMMAND_LINES), cgroups = wish & CGROUPS, devices = wish & EVERY_DEVICE;
  size_t count = runs->total.row;
  block->used = 0;
  into->start_time = DOUBLES("startTime", count);
  into->folder = DOUBLES("folder", count);
  into->inode = DOUBLES("inode", LINKS * count);
  if (devices) into->device = DOUBLES("device", LINKS * count);
  into->pid = INT32S("pid", count);
  into->ppid = INT32S("ppid", count);
  into->uid = UINT32S("uid", count);
  into->flags = UINT32S("flags", count);
  into->threads = UINT32S("threadCount", count);
  into->set = UINT32S("linkSet", count);
  if (commands) into->command.offset = UINT32S("commandLineOffset", count + 1);
  if (cgroups) into->cgroup.offset = UINT32S("cgroupOffset", count + 1);
  into->error = UINT16S("errno", LINKS * count);
  if (commands) into->command.error = UINT16S("commandLineErrno", count);
  if (cgroups) into->cgroup.error = UINT16S("cgroupErrno", count);
  into->state = UINT8S("state", count);
  into->comm = UINT8S("comm", COMM_BYTES * count);
  if (commands) into->command.bytes = UINT8S("commandLineBytes", runs->command_bytes);
  if (cgroups) into->cgroup.bytes = UINT8S("cgroupBytes", runs->cgroup_bytes);
}

// One behind the other, without gaps: an offset is where the one before ended.
static void fill_text(struct text_columns *to, const struct growing *all, const struct text *text, size_t at) {
  memcpy(to->bytes + to->used, all->at + text->start, text->length);
  to->offset[at] = to->used;
  to->used += text->length;
  to->offset[at + 1] = to->used;
  to->error[at] = text->error;
}

static void fill(struct columns *to, const struct run *run, size_t count, struct link_sets *sets) {
  const struct scan *scan = run->scan;
  const struct row *rows = (const struct row *)scan->rows.at;
  size_t at = run->base;
  for (size_t nth = run->from.row; nth < run->to.row; nth++, at++) {
    const struct row *row = rows + nth;
    to->start_time[at] = (double)row->stat.start_time;
    to->folder[at] = (double)row->folder;
    to->pid[at] = row->pid;
    to->ppid[at] = row->stat.ppid;
    to->uid[at] = row->uid;
    to->flags[at] = row->stat.flags;
    to->threads[at] = row->stat.threads;
    to->set[at] = link_set_of(sets, &row->links);
    to->state[at] = (uint8_t)row->stat.state;
    memcpy(to->comm + at * COMM_BYTES, row->stat.comm, COMM_BYTES);
    for (size_t link = 0; link < LINKS; link++) {
      to->inode[link * count + at] = (double)row->links.inode[link];
      to->error[link * count + at] = row->links.error[link];
      if (to->device) to->device[link * count + at] = (double)row->links.device[link];
    }
    if (to->command.offset) fill_text(&to->command, &scan->commands, &row->command, at);
    if (to->cgroup.offset) fill_text(&to->cgroup, &scan->cgroups, &row->cgroup, at);
  }
}

// A table of what hangs from processes, as a property.
static bool set_table(struct block *block, const char *name, napi_value table) {
  return table != NULL && napi_set_named_property(block->env, block->result, name, table) == napi_ok;
}

napi_value columns_of(napi_env env, const struct scan *first, const struct runs *runs) {
  size_t count = runs->total.row;
  struct columns columns = {0};
  struct block block = {.env = env};
  lay_out(&block, first->wish, runs, &columns);
  if (!begin_creating(&block)) return NULL;
  lay_out(&block, first->wish, runs, &columns);
  if (block.failed || !set_number(env, block.result, "count", (double)count) ||
      !set_number(env, block.result, "vanished", first->vanished) ||
      !set_refused(env, block.result, first->refused, MAX_ERRNO + 1)) {
    return NULL;
  }
  if (first->threads.wanted && !set_table(&block, "threads", thread_columns(env, first, runs))) return NULL;
  if (first->tables.wanted && !set_table(&block, "descriptors", descriptor_columns(env, first, runs))) return NULL;
  struct link_sets sets;
  if (!begin_link_sets(&sets, count)) return NULL;
  for (size_t nth = 0; nth < run_count(runs); nth++) fill(&columns, run_at(runs, nth), count, &sets);
  end_link_sets(&sets);
  return block.result;
}

bool set_source(napi_env env, napi_value object, const struct source *source, size_t count) {
  return set_number(env, object, "count", (double)count) && set_number(env, object, "seen", source->seen) &&
         set_number(env, object, "vanished", source->vanished) && set_number(env, object, "skipped", source->skipped) &&
         set_refused(env, object, source->refused, MAX_ERRNO + 1);
}
