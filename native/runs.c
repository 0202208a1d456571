#include "runs.h"

static size_t batch_count(const struct scan *scan) { return scan->batches.used / sizeof(struct batch); }

// Where the nth batch begins; behind the last, where all of them end.
static struct batch batch_at(const struct scan *scan, size_t nth) {
  if (nth < batch_count(scan)) return ((const struct batch *)scan->batches.at)[nth];
  return (struct batch){
      .row = scan->rows.used / sizeof(struct row),
      .thread = scan->threads.rows.used / sizeof(struct thread_row),
      .descriptor = scan->tables.rows.used / sizeof(struct descriptor_row),
  };
}

static int32_t pid_of(const struct scan *scan, size_t row) { return ((const struct row *)scan->rows.at)[row].pid; }

// The next batch that has rows, from `nth` on.
static size_t next_batch(const struct scan *scan, size_t nth) {
  while (nth < batch_count(scan) && batch_at(scan, nth).row == batch_at(scan, nth + 1).row) nth++;
  return nth;
}

static bool append(struct runs *into, const struct run *run) {
  if (!make_room(&into->all, sizeof *run)) return false;
  memcpy(into->all.at + into->all.used, run, sizeof *run);
  into->all.used += sizeof *run;
  into->total.row += run->to.row - run->from.row;
  into->total.thread += run->to.thread - run->from.thread;
  into->total.descriptor += run->to.descriptor - run->from.descriptor;
  return true;
}

// Each scan's batches ascend, so the next of all is one of the scans' next.
long put_in_order(struct scan *const *scans, size_t count, struct runs *into) {
  size_t next[MOST_SCANS] = {0};
  int32_t previous = 0;
  for (size_t nth = 0; nth < count; nth++) {
    next[nth] = next_batch(scans[nth], 0);
    into->command_bytes += scans[nth]->commands.used;
    into->cgroup_bytes += scans[nth]->cgroups.used;
  }
  for (;;) {
    size_t first = count;
    int32_t least = INT32_MAX;
    for (size_t nth = 0; nth < count; nth++) {
      if (next[nth] == batch_count(scans[nth])) continue;
      int32_t pid = pid_of(scans[nth], batch_at(scans[nth], next[nth]).row);
      if (first == count || pid < least) first = nth, least = pid;
    }
    if (first == count) return 0;
    const struct scan *scan = scans[first];
    struct run run = {scan, batch_at(scan, next[first]), batch_at(scan, next[first] + 1), into->total.row};
    if (least <= previous) return -EPROTO;
    previous = pid_of(scan, run.to.row - 1);
    if (!append(into, &run)) return -ENOMEM;
    next[first] = next_batch(scan, next[first] + 1);
  }
}
