#include "scan.h"

#include <asm/statfs.h>
#include <linux/fcntl.h>
#include <linux/magic.h>

#include "decimal.h"
#include "dents.h"

long open_proc(int proc_fd) {
  struct statfs status;
  long fd = SC(openat, proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fd;
  long result = SC(fstatfs, fd, &status);
  if (result == 0 && status.f_type != PROC_SUPER_MAGIC) result = -ENODEV;
  if (result == 0) return fd;
  SC(close, fd);
  return result;
}

void end_scan(struct scan *scan) {
  give_back(&scan->batches);
  give_back(&scan->rows);
  give_back(&scan->commands);
  give_back(&scan->cgroups);
  give_back(&scan->threads.rows);
  give_back(&scan->tables.rows);
  end_inode_set(&scan->met);
}

static long scan_process(struct scan *scan, const char *name, int32_t pid) {
  long result = read_process(scan, name, pid);
  if (is_our_own(result)) return result;
  if (result == -ENOENT || result == -ESRCH) scan->vanished++;
  else if (result < 0) scan->refused[-result]++;
  return 0;
}

static bool begin_batch(struct scan *scan) {
  struct batch batch = {
      .row = scan->rows.used / sizeof(struct row),
      .thread = scan->threads.rows.used / sizeof(struct thread_row),
      .descriptor = scan->tables.rows.used / sizeof(struct descriptor_row),
  };
  if (!make_room(&scan->batches, sizeof batch)) return false;
  memcpy(scan->batches.at + scan->batches.used, &batch, sizeof batch);
  scan->batches.used += sizeof batch;
  return true;
}

// One process after another in the order of the folder, which is that of the pids (fs/proc/base.c proc_pid_readdir).
// What comes out is said to be in order, so a folder that is not must not pass for one.
static long scan_entries(struct scan *scan, size_t length, int32_t *previous) {
  for (size_t at = 0; at < length;) {
    const struct entry *entry = (const struct entry *)(scan->entries + at);
    at += entry->length;
    int32_t pid = number_of(entry->name);
    // Of the names in /proc only those of processes are numbers.
    if (pid <= 0) continue;
    if (pid <= *previous) return -EPROTO;
    *previous = pid;
    long result = scan_process(scan, entry->name, pid);
    if (result) return result;
  }
  return 0;
}

static long scan_some(struct scan *scan) {
  int32_t previous = 0;
  if (!begin_batch(scan)) return -ENOMEM;
  for (size_t at = 0; at < scan->pid_count; at++) {
    char room[DECIMAL_ROOM];
    int32_t pid = scan->pids[at];
    if (pid <= previous) return -EPROTO;
    previous = pid;
    long result = scan_process(scan, decimal(room, (uint32_t)pid), pid);
    if (result) return result;
  }
  return 0;
}

static long scan_all(struct scan *scan) {
  int32_t previous = 0;
  long length;
  while ((length = SC(getdents64, scan->proc, scan->entries, sizeof scan->entries)) > 0) {
    // It will be made again, in order.
    if (!scan->alone && __atomic_load_n(&scan->budget->exceeded, __ATOMIC_RELAXED)) return 0;
    if (!begin_batch(scan)) return -ENOMEM;
    long result = scan_entries(scan, (size_t)length, &previous);
    if (result) return result;
  }
  return length;
}

void run_scan(struct scan *scan) {
  if (scan->tables.wanted) {
    scan->nsfs = nsfs_device(scan->proc);
    scan->counts = counts_descriptors(scan->proc);
  }
  scan->error = scan->all ? scan_all(scan) : scan_some(scan);
}
