#include "scan.h"

#include <asm/statfs.h>
#include <linux/fcntl.h>
#include <linux/magic.h>

#include "decimal.h"
#include "dents.h"

long open_scan(struct scan *scan, int proc_fd) {
  struct statfs status;
  long fd = SC(openat, proc_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return fd;
  long result = SC(fstatfs, fd, &status);
  if (result == 0 && status.f_type != PROC_SUPER_MAGIC) result = -ENODEV;
  if (result < 0) SC(close, fd);
  else scan->proc = (int)fd;
  return result;
}

void give_back_pids(struct scan *scan) {
  if (scan->pids != NULL) unmap_pages(scan->pids, scan->pid_count * sizeof *scan->pids);
}

void close_scan(struct scan *scan) {
  give_back_pids(scan);
  SC(close, scan->proc);
  give_back(&scan->rows);
  give_back(&scan->commands);
  give_back(&scan->cgroups);
  give_back(&scan->threads.rows);
  give_back(&scan->tables.rows);
}

static long scan_process(struct scan *scan, const char *name, int32_t pid) {
  long result = read_process(scan, name, pid);
  if (is_our_own(result)) return result;
  if (result == -ENOENT || result == -ESRCH) scan->vanished++;
  else if (result < 0) scan->refused[-result]++;
  return 0;
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

void run_scan(struct scan *scan) {
  int32_t previous = 0;
  long length;
  if (scan->tables.wanted) scan->nsfs = nsfs_device(scan->proc);
  if (!scan->all) {
    scan->error = scan_some(scan);
    return;
  }
  while ((length = SC(getdents64, scan->proc, scan->entries, sizeof scan->entries)) > 0) {
    scan->error = scan_entries(scan, (size_t)length, &previous);
    if (scan->error) return;
  }
  scan->error = length;
}
