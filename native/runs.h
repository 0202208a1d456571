// What several threads of ours read of one folder, put together: their batches in the order of pids.
#ifndef NSATLAS_RUNS_H
#define NSATLAS_RUNS_H

#include "scan.h"

// Rows that one of them read one after the other; `base` is the number of rows in all runs before.
struct run {
  const struct scan *scan;
  struct batch from, to;
  size_t base;
};

struct runs {
  struct growing all;
  struct batch total;
  size_t command_bytes, cgroup_bytes;
};

static inline size_t run_count(const struct runs *runs) { return runs->all.used / sizeof(struct run); }
static inline const struct run *run_at(const struct runs *runs, size_t nth) {
  return (const struct run *)runs->all.at + nth;
}

// -EPROTO: the folder was not in order. -ENOMEM. The scans keep what the runs lead to.
long put_in_order(struct scan *const *scans, size_t count, struct runs *into);

#endif
