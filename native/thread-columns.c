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

static void fill(const struct columns *to, const struct run *run, size_t count, size_t at) {
  const struct thread_row *rows = (const struct thread_row *)run->scan->threads.rows.at;
  for (size_t nth = run->from.thread; nth < run->to.thread; nth++, at++) {
    const struct thread_row *row = rows + nth;
    to->start_time[at] = (double)row->stat.start_time;
    to->row[at] = (uint32_t)(row->row - run->from.row + run->base);
    to->tid[at] = row->tid;
    memcpy(to->comm + at * COMM_BYTES, row->stat.comm, COMM_BYTES);
    for (size_t link = 0; link < LINKS; link++) {
      to->inode[link * count + at] = (double)row->links.inode[link];
      to->error[link * count + at] = row->links.error[link];
      if (to->device) to->device[link * count + at] = (double)row->links.device[link];
    }
  }
}

napi_value thread_columns(napi_env env, const struct scan *first, const struct runs *runs) {
  size_t count = runs->total.thread, at = 0;
  bool devices = first->wish & EVERY_DEVICE;
  struct columns to = {0};
  struct block block = {.env = env};
  lay_out(&block, devices, count, &to);
  if (!begin_creating(&block)) return NULL;
  lay_out(&block, devices, count, &to);
  if (block.failed || !set_source(env, block.result, &first->threads, count)) return NULL;
  for (size_t nth = 0; nth < run_count(runs); nth++) {
    const struct run *run = run_at(runs, nth);
    fill(&to, run, count, at);
    at += run->to.thread - run->from.thread;
  }
  return block.result;
}
