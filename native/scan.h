// One look at every process under a /proc folder. Why this is C, and not system call by system call from JavaScript: a
// process takes about twenty calls, a machine has thousands of processes, and the event loop has other things to do.
#ifndef NSATLAS_SCAN_H
#define NSATLAS_SCAN_H

#include "growing.h"
#include "inode-set.h"
#include "stat-line.h"

// The order of LINKS in src/abi/proc-links.ts.
enum { CGROUP, IPC, MNT, NET, PID, PID_FOR_CHILDREN, TIME, TIME_FOR_CHILDREN, USER, UTS, LINKS };
extern const char *const LINK_NAMES[LINKS];
// `kind:[4026531833]`, the text of a link: the number, or 0 where it is none of that form.
uint64_t inode_of(const char *text, size_t length);

// As SCAN_WISHES in src/kernel/live/native.ts.
enum { COMMAND_LINES = 1, CGROUPS = 2, EVERY_DEVICE = 4, OWN_PIDS = 8, FIRST_COMMAND_LINES = 16, ALL_WISHES = 31 };

// Bytes of one process in `struct scan`'s `commands` or `cgroups`; `error` is the errno where they were not read.
struct text {
  size_t start;
  uint32_t length;
  uint16_t error;
};

struct links {
  uint64_t inode[LINKS];
  uint64_t device[LINKS];  // with EVERY_DEVICE
  uint16_t error[LINKS];   // errno of the link where it was not read, else 0
};

struct row {
  struct stat_line stat;
  uint64_t folder;  // the inode of /proc/PID, which is this process's alone
  int32_t pid;
  uint32_t uid;
  struct links links;
  struct text command;     // with COMMAND_LINES; with FIRST_COMMAND_LINES too, ECANCELED where it was not read
  struct text cgroup;      // with CGROUPS
};

// A thread that is in other namespaces than its leader, the process of row `row`.
struct thread_row {
  struct stat_line stat;
  uint32_t row;
  int32_t tid;
  struct links links;
};

// What a descriptor leads to, as DESCRIPTOR_CODES in src/kernel/live/native.ts. FIRST_KIND and beyond: a namespace of the
// kind that comes so far behind cgroup in the order of KINDS.
enum { SOCKET, PIDFD, NAMESPACE, FIRST_KIND };

struct descriptor_row {
  uint32_t row;
  int32_t tid;  // the thread whose table it is in; 0: the process's
  int32_t fd;
  uint32_t what;
  uint64_t inode;
  uint64_t device;     // with EVERY_DEVICE
  int32_t flags;       // as open(2) has them; -1: not read, as of sockets
  int32_t target;      // of a pidfd: the process's number; 0: none in this /proc's pid namespace; -1: it was waited for
};

#define MAX_ERRNO 4095
// So many threads of ours read at the same time at most: as many as Node's pool has, where nobody asks for more.
#define MOST_SCANS 4

// What came of looking at what hangs from processes.
struct source {
  struct growing rows;
  bool wanted;
  uint32_t seen;
  uint32_t vanished;
  uint32_t skipped;  // there were more than are to be looked at
  uint32_t refused[MAX_ERRNO + 1];
};

// So many more threads and descriptors are looked at, by all that scan together. Whoever finds too few left says so.
struct budget {
  uint32_t threads;
  uint32_t descriptors;
  bool exceeded;
};

// Where in `rows`, and in those of threads and tables, the processes of one reading of the folder begin.
struct batch {
  size_t row, thread, descriptor;
};

// What one thread of ours reads: some processes of a folder, as many as it gets hold of before the others do.
struct scan {
  int proc;        // the /proc folder, which all read by the same descriptor
  uint32_t wish;
  bool all;        // every process of the folder; else those of `pids` alone, which ascend
  const int32_t *pids;
  size_t pid_count;
  struct budget *budget;
  bool alone;     // in the order of pids: what the budget has no room for is left out, and the rest read
  long error;     // -errno where the whole scan failed, else 0
  struct growing batches;
  struct growing rows;
  struct growing commands;
  struct growing cgroups;
  uint32_t vanished;
  uint32_t refused[MAX_ERRNO + 1];  // how many processes without a row, by errno
  struct source threads;
  struct source tables;  // of descriptors
  uint64_t nsfs;  // the device of namespace files; 0: not known
  uint64_t sockfs;  // of sockets; 0: none was met yet
  bool counts;    // the size of a folder `fd` is the number of descriptors
  struct inode_set met;  // with FIRST_COMMAND_LINES: the namespaces that a process is in, so far
  unsigned char entries[1024];  // some forty processes: with many at a time one of us would have all of a small machine's
  unsigned char task_entries[16 * 1024];
  unsigned char fd_entries[16 * 1024];
  char line[2048];
};

// Opens the /proc folder anew, with a position of its own, so that `proc_fd` may be closed or used meanwhile.
// A descriptor, or -ENODEV: the folder is there and no procfs. Others as openat(2).
long open_proc(int proc_fd);
// Fills rows, commands, cgroups, vanished and refused, or `error`. Several may run at the same time on one folder: the kernel
// gives each entry to one of them.
void run_scan(struct scan *scan);
void end_scan(struct scan *scan);

// read-process.c. Appends a row. -ENOENT and -ESRCH: the process ended meanwhile; other: the process refused, or, where
// `is_our_own`, we ran out of something; there is no row then.
long read_process(struct scan *scan, const char *name, int32_t pid);

// The parts that read-process.c and the two below share.
bool has_gone(long error);
long read_stat(struct scan *scan, int folder, struct stat_line *into);
long read_file(int folder, const char *name, void *into, size_t room);
long read_link(struct scan *scan, int folder, int link, struct links *into);
// All ten, by an open folder `ns`; what the link to the mount namespace gave, which is read last.
long read_all_links(struct scan *scan, int folder, struct links *into);

// read-threads.c. The threads of a process that are in other namespaces than its leader, and tables of descriptors that
// they do not share with it. 0, or -errno where `is_our_own`.
long read_threads(struct scan *scan, int folder, const struct row *leader, uint32_t row);
// read-descriptors.c. One table, by the folder of its process or thread: which descriptors hold a namespace. Likewise. One
// that is likely empty is asked for that first; of another it would cost more than it saves.
long read_table(struct scan *scan, int folder, uint32_t row, int32_t tid, bool likely_empty);
// The device of namespace files, for descriptors whose link text is a path.
uint64_t nsfs_device(int proc);
// Whether the size of a folder `fd` tells how many descriptors there are (since Linux 6.2; before it is 0).
bool counts_descriptors(int proc);

// These say nothing about a process: it is we who ran out of descriptors or memory.
static inline bool is_our_own(long error) { return error == -EMFILE || error == -ENFILE || error == -ENOMEM; }

// Takes `some` of what is left of a budget, or nothing where that is less.
static inline bool take(struct budget *budget, uint32_t *left, uint32_t some) {
  uint32_t before = __atomic_load_n(left, __ATOMIC_RELAXED);
  while (before >= some) {
    if (__atomic_compare_exchange_n(left, &before, before - some, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) return true;
  }
  __atomic_store_n(&budget->exceeded, true, __ATOMIC_RELAXED);
  return false;
}

// Whether any is left.
static inline bool has_some(struct budget *budget, uint32_t *left) {
  if (__atomic_load_n(left, __ATOMIC_RELAXED) > 0) return true;
  __atomic_store_n(&budget->exceeded, true, __ATOMIC_RELAXED);
  return false;
}

#endif
