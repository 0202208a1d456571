/*
 * `holder actor one-cpu`: the client's calling thread, the dispatcher and all holders share one CPU until the end. Each
 * call makes four of them wake each other in turn; on two CPUs each of these wakes an idle CPU, which takes far longer
 * than the call (measured: 10,000 calls a second from Node, against 85,000 on one CPU).
 */
#include "holder.h"

#define MASK_WORDS 16 /* 1024 CPUs */
#define MASK_BYTES (MASK_WORDS * sizeof(unsigned long))
#define BITS_PER_WORD (8 * sizeof(unsigned long))

/* The client, whose mask is to be given back. Set before the guard is forked, then only read. */
static int32_t client_pidfd;
static int32_t client_pid;
static unsigned long client_mask[MASK_WORDS];

void share_one_cpu(void) {
  unsigned cpu = 0;
  unsigned long one[MASK_WORDS] = {0};
  SC(getcpu, &cpu, NULL, NULL);
  if (cpu >= MASK_WORDS * BITS_PER_WORD) return;
  one[cpu / BITS_PER_WORD] = 1UL << (cpu % BITS_PER_WORD);
  int32_t client = (int32_t)SC(getppid);
  long pidfd = SC(pidfd_open, client, 0);
  if (pidfd < 0 || SC(sched_getaffinity, client, MASK_BYTES, client_mask) < 0) return;
  client_pid = client;
  client_pidfd = (int32_t)pidfd;
  SC(sched_setaffinity, 0, MASK_BYTES, one);
  SC(sched_setaffinity, client, MASK_BYTES, one);
}

/* The dispatcher at its end, or the guard in its place. */
void give_back_cpus(void) {
  if (client_pidfd && !has_ended(client_pidfd)) SC(sched_setaffinity, client_pid, MASK_BYTES, client_mask);
}
