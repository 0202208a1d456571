#include "block.h"
#include "columns.h"

struct columns {
  double *start_time, *inode, *device;
  uint32_t *row;
  int32_t *tid;
  uint16_t *error;
  uint8_t *comm;
};

// Widest elements first, so that every column is aligned.
static void lay_out(struct block *block, bool devices, size_t count, struct columns *into) {
  block->used = 0;
  into->start_time = DOUBLES("startTime", count);
  into->inode = DOUBLES("inode", LINKS * count);
  if (devices) into->device = DOUBLES("device", LINKS * count);
  into->row = UINT32S("row", count);
  into->tid = INT32S("tid", count);
  into->error = UINT16S("errno", LINKS * count);
  into->comm = UINT8S("comm", COMM_BYTES * count);
}

napi_value thread_columns(napi_env env, const struct scan *scan) {
  const struct thread_row *rows = (const struct thread_row *)scan->threads.rows.at;
  size_t count = scan->threads.rows.used / sizeof *rows;
  bool devices = scan->wish & EVERY_DEVICE;
  struct columns to = {0};
  struct block block = {.env = env};
  lay_out(&block, devices, count, &to);
  if (!begin_creating(&block)) return NULL;
  lay_out(&block, devices, count, &to);
  if (block.failed || !set_source(env, block.result, &scan->threads, count)) return NULL;
  for (size_t i = 0; i < count; i++) {
    to.start_time[i] = (double)rows[i].stat.start_time;
    to.row[i] = rows[i].row;
    to.tid[i] = rows[i].tid;
    memcpy(to.comm + i * COMM_BYTES, rows[i].stat.comm, COMM_BYTES);
    for (size_t link = 0; link < LINKS; link++) {
      to.inode[link * count + i] = (double)rows[i].links.inode[link];
      to.error[link * count + i] = rows[i].links.error[link];
      if (to.device) to.device[link * count + i] = (double)rows[i].links.device[link];
    }
  }
  return block.result;
}
