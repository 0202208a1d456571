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

napi_value descriptor_columns(napi_env env, const struct scan *scan) {
  const struct descriptor_row *rows = (const struct descriptor_row *)scan->tables.rows.at;
  size_t count = scan->tables.rows.used / sizeof *rows;
  bool devices = scan->wish & EVERY_DEVICE;
  struct columns to = {0};
  struct block block = {.env = env};
  lay_out(&block, devices, count, &to);
  if (!begin_creating(&block)) return NULL;
  lay_out(&block, devices, count, &to);
  if (block.failed || !set_source(env, block.result, &scan->tables, count)) return NULL;
  for (size_t i = 0; i < count; i++) {
    to.inode[i] = (double)rows[i].inode;
    if (to.device) to.device[i] = (double)rows[i].device;
    to.row[i] = rows[i].row;
    to.tid[i] = rows[i].tid;
    to.fd[i] = rows[i].fd;
    to.flags[i] = rows[i].flags;
    to.target[i] = rows[i].target;
    to.what[i] = (uint8_t)rows[i].what;
  }
  return block.result;
}
