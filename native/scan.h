// One look at every process under a /proc folder. Why this is C, and not system call by system call from JavaScript: a
// process takes about twenty calls, a machine has thousands of processes, and the event loop has other things to do.
#ifndef NSATLAS_SCAN_H
#define NSATLAS_SCAN_H

#include "growing.h"
#include "stat-line.h"

// The order of LINKS in src/abi/proc-links.ts.
enum { CGROUP, IPC, MNT, NET, PID, PID_FOR_CHILDREN, TIME, TIME_FOR_CHILDREN, USER, UTS, LINKS };

// As SCAN_WISHES in src/kernel/live/native.ts.
enum { COMMAND_LINES = 1, CGROUPS = 2, EVERY_DEVICE = 4, ALL_WISHES = 7 };

// Bytes of one process in `struct scan`'s `commands` or `cgroups`; `error` is the errno where they were not read.
struct text {
  size_t start;
  uint32_t length;
  uint16_t error;
};

struct row {
  struct stat_line stat;
  int32_t pid;
  uint32_t uid;
  uint64_t inode[LINKS];
  uint64_t device[LINKS];  // with EVERY_DEVICE
  uint16_t error[LINKS];   // errno of the link where it was not read, else 0
  struct text command;     // with COMMAND_LINES
  struct text cgroup;      // with CGROUPS
};

#define MAX_ERRNO 4095

struct scan {
  int proc;       // the /proc folder, ours to close
  uint32_t wish;
  long error;     // -errno where the whole scan failed, else 0
  struct growing rows;
  struct growing commands;
  struct growing cgroups;
  uint32_t vanished;
  uint32_t refused[MAX_ERRNO + 1];  // how many processes without a row, by errno
  unsigned char entries[32 * 1024];
  char line[2048];
};

// Opens the /proc folder anew, with a position of its own, so that `proc_fd` may be closed or used meanwhile.
// -ENODEV: the folder is there and no procfs. Others as openat(2).
long open_scan(struct scan *scan, int proc_fd);
// Fills rows, commands, cgroups, vanished and refused, or `error`.
void run_scan(struct scan *scan);
void close_scan(struct scan *scan);

// read-process.c. Appends a row. -ENOENT and -ESRCH: the process ended meanwhile; other: the process refused, or, where
// `is_our_own`, we ran out of something; there is no row then.
long read_process(struct scan *scan, const char *name, int32_t pid);

// These say nothing about a process: it is we who ran out of descriptors or memory.
static inline bool is_our_own(long error) { return error == -EMFILE || error == -ENFILE || error == -ENOMEM; }

#endif
