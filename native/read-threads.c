#include <linux/fcntl.h>
#include <linux/kcmp.h>

#include "dents.h"
#include "scan.h"

// One process while its threads are read.
struct group {
  struct scan *scan;
  const struct row *leader;
  uint32_t row;
  int task;        // its folder `task`
  int32_t tables;  // the task whose table of descriptors was read; 0: none yet, for a leader that has ended has none
};

// In other namespaces, or, as far as `pid_for_children` goes, with one for its children that has no process yet.
static bool differs(const struct links *thread, const struct links *leader, bool devices) {
  for (int link = 0; link < LINKS; link++) {
    if (thread->inode[link] != leader->inode[link] || thread->error[link] != leader->error[link]) return true;
    if (devices && thread->device[link] != leader->device[link]) return true;
  }
  return false;
}

// Threads share one table but for those that called unshare(CLONE_FILES). kcmp(2) tells it for less than reading another
// link costs; it takes numbers of our own pid namespace. Where it cannot tell, they are taken to share.
static bool has_own_table(struct group *group, int32_t tid) {
  if (group->tables == 0) return true;
  if (!(group->scan->wish & OWN_PIDS)) return false;
  return SC(kcmp, group->tables, tid, KCMP_FILES, 0, 0) > 0;
}

// With an open folder of the thread, which stays with it. 0, or -errno where `is_our_own`.
static long read_thread(struct group *group, int folder, int32_t tid) {
  struct scan *scan = group->scan;
  struct source *threads = &scan->threads;
  struct thread_row thread = {.row = group->row, .tid = tid};
  long links = SC(openat, folder, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
  long result = links;
  if (links >= 0) {
    // Who may not read one link may read none: where the leader refused, one is enough to know it of a thread.
    bool doubtful = group->leader->links.error[USER] != 0;
    if (doubtful) result = read_link(scan, (int)links, USER, &thread.links);
    if (result >= 0) result = read_all_links(scan, (int)links, &thread.links);
    SC(close, links);
  }
  // One that has ended has gone: it is never a zombie.
  bool differ = result >= 0 && differs(&thread.links, &group->leader->links, scan->wish & EVERY_DEVICE);
  if (differ) result = read_stat(scan, folder, &thread.stat);
  if (is_our_own(result)) return result;
  if (has_gone(result)) {
    threads->vanished++;
  } else if (result < 0) {
    threads->refused[-result]++;
  } else {
    threads->seen++;
    if (differ) {
      if (!make_room(&threads->rows, sizeof thread)) return -ENOMEM;
      memcpy(threads->rows.at + threads->rows.used, &thread, sizeof thread);
      threads->rows.used += sizeof thread;
    }
  }
  if (result < 0 || !scan->tables.wanted || !has_own_table(group, tid)) return 0;
  group->tables = tid;
  return read_table(scan, folder, group->row, tid, false);
}

static long read_entries(struct group *group, size_t length) {
  const unsigned char *entries = group->scan->task_entries;
  for (size_t at = 0; at < length;) {
    const struct entry *entry = (const struct entry *)(entries + at);
    at += entry->length;
    int32_t tid = number_of(entry->name);
    if (tid <= 0 || tid == group->leader->pid) continue;
    long folder = SC(openat, group->task, entry->name, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (is_our_own(folder)) return folder;
    if (folder < 0) {
      group->scan->threads.vanished++;
      continue;
    }
    long result = read_thread(group, (int)folder, tid);
    SC(close, folder);
    if (result < 0) return result;
  }
  return 0;
}

long read_threads(struct scan *scan, int folder, const struct row *leader, uint32_t row) {
  struct source *threads = &scan->threads;
  uint32_t others = leader->stat.threads > 1 ? leader->stat.threads - 1 : 0;
  if (others == 0 || !threads->wanted) return 0;
  if (!take(scan->budget, &scan->budget->threads, others)) {
    threads->skipped += others;
    return 0;
  }
  long task = SC(openat, folder, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC), length;
  if (is_our_own(task)) return task;
  if (task < 0) {
    if (has_gone(task)) threads->vanished += others;
    else threads->refused[-task] += others;
    return 0;
  }
  bool has_table = leader->stat.state != 'Z';
  struct group group = {scan, leader, row, (int)task, has_table ? leader->pid : 0};
  long result = 0;
  while ((length = SC(getdents64, task, scan->task_entries, sizeof scan->task_entries)) > 0) {
    result = read_entries(&group, (size_t)length);
    if (result < 0) break;
  }
  SC(close, task);
  return result;
}
