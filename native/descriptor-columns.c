#include "block.h"
#include "columns.h"

struct columns {
  double *inode, *device;
  uint32_t *row;
  int32_t *tid, *fd, *flags, *target;
  uint8_t *what;
};

// Widest elements first, so that every column is aligned.
static void lay_out(struct block *block, bool devices, size_t count, struct columns *into) {
  block->used = 0;
  into->inode = DOUBLES("inode", count);
  if (devices) into->device = DOUBLES("device", count);
  into->row = UINT32S("row", count);
  into->tid = INT32S("tid", count);
  into->fd = INT32S("fd", count);
  into->flags = INT32S("flags", count);
  into->target = INT32S("target", count);
  into->what = UINT8S("what", count);
}

static void fill(const struct columns *to, const struct run *run, size_t at) {
  const struct descriptor_row *rows = (const struct descriptor_row *)run->scan->tables.rows.at;
  for (size_t nth = run->from.descriptor; nth < run->to.descriptor; nth++, at++) {
    const struct descriptor_row *row = rows + nth;
    to->inode[at] = (double)row->inode;
    if (to->device) to->device[at] = (double)row->device;
    to->row[at] = (uint32_t)(row->row - run->from.row + run->base);
    to->tid[at] = row->tid;
    to->fd[at] = row->fd;
    to->flags[at] = row->flags;
    to->target[at] = row->target;
    to->what[at] = (uint8_t)row->what;
  }
}

napi_value descriptor_columns(napi_env env, const struct scan *first, const struct runs *runs) {
  size_t count = runs->total.descriptor, at = 0;
  bool devices = first->wish & EVERY_DEVICE;
  struct columns to = {0};
  struct block block = {.env = env};
  lay_out(&block, devices, count, &to);
  if (!begin_creating(&block)) return NULL;
  lay_out(&block, devices, count, &to);
  if (block.failed || !set_source(env, block.result, &first->tables, count)) return NULL;
  for (size_t nth = 0; nth < run_count(runs); nth++) {
    const struct run *run = run_at(runs, nth);
    fill(&to, run, at);
    at += run->to.descriptor - run->from.descriptor;
  }
  return block.result;
}
