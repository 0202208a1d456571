// The one line of /proc/PID/stat. Source: proc_pid_stat(5), fs/proc/array.c do_task_stat.
#ifndef NSATLAS_STAT_LINE_H
#define NSATLAS_STAT_LINE_H

#include <stdbool.h>

#include "sys.h"

// A thread's name has 15 bytes; the kernel appends what a kworker works on, up to this with the NUL.
#define COMM_BYTES 64

struct stat_line {
  uint64_t start_time;  // clock ticks after boot
  uint32_t flags;       // PF_*
  int32_t ppid;
  uint32_t threads;
  char state;
  char comm[COMM_BYTES];  // filled up with NUL
};

bool parse_stat_line(const char *text, size_t length, struct stat_line *into);

#endif
