/* What `holder try` tries; holder-try.c carries it out. */
#ifndef NSATLAS_HOLDER_TRY_H
#define NSATLAS_HOLDER_TRY_H

#include "sys.h"

enum takes { TAKES_NOTHING, TAKES_LINK, TAKES_PIDFD, TAKES_SOCKET };

struct attempt {
  const char *name;
  enum takes takes;
  /* The file below /proc/self/ns, or the family of a socket: "unix", "netlink". */
  const char *of;
  /* A result, or -errno. What it opens it closes. */
  long (*make)(long subject, unsigned long argument);
  unsigned long argument;
};

extern const struct attempt attempts[];
extern const int attempt_count;

/* The headers of a C library have these; the kernel's own do not. */
#define AF_UNIX 1
#define AF_NETLINK 16
#define SOCK_RAW 3

static inline long own_number(void) { return SC(getpid); }

/* Writes the answers to descriptor 1, and ends. */
void try_all(int from);

#endif
