/* What a process has of its own: signals, limits, descriptors, capabilities. */
#include "launch.h"
#include <asm/signal.h>
#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/resource.h>

#define LAST_SIGNAL 64

long set_signals(uint64_t ignored, uint64_t blocked) {
  for (int signal = 1; signal <= LAST_SIGNAL; signal++) {
    if (signal == SIGKILL || signal == SIGSTOP) continue;
    const struct sigaction action = {.sa_handler = ignored >> (signal - 1) & 1 ? SIG_IGN : SIG_DFL};
    long result = SC(rt_sigaction, signal, &action, NULL, sizeof blocked);
    if (result < 0) return result;
  }
  return SC(rt_sigprocmask, SIG_SETMASK, &blocked, NULL, sizeof blocked);
}

struct limit {
  uint64_t soft;
  uint64_t hard;
};

long set_soft_limit(int resource, int64_t soft) {
  struct limit limit;
  long result = SC(prlimit64, 0, resource, NULL, &limit);
  if (result < 0) return result;
  /* It was below the hard limit when it was read; whoever lowered that since means the soft one as well. */
  limit.soft = (uint64_t)soft < limit.hard ? (uint64_t)soft : limit.hard;
  return SC(prlimit64, 0, resource, &limit, NULL);
}

/* Before Linux 5.9 there is no close_range. */
static long close_between(uint32_t first, uint32_t last) {
  long result = SC(close_range, first, last, 0);
  if (result != -ENOSYS) return result;
  struct limit limit;
  if (SC(prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) < 0 || limit.soft > 1 << 20) limit.soft = 1 << 20;
  for (uint32_t fd = first; fd <= last && fd < limit.soft; fd++) SC(close, fd);
  return 0;
}

/* `pairs`, by ascending number: a descriptor that stays open, and whether for the command too. 0, 1 and 2 always do. */
long keep_descriptors(const uint32_t *pairs, uint64_t count) {
  uint32_t next = 3;
  for (uint64_t i = 0; i < count; i++, pairs += 2) {
    if (pairs[0] < next) return -EINVAL;
    if (pairs[0] > next) {
      long result = close_between(next, pairs[0] - 1);
      if (result < 0) return result;
    }
    long result = SC(fcntl, pairs[0], F_SETFD, pairs[1] ? 0 : FD_CLOEXEC);
    if (result < 0) return result;
    next = pairs[0] + 1;
  }
  return close_between(next, ~0U);
}

/* What is permitted stays so over execve(2): it becomes inheritable and then ambient. Since Linux 4.3. */
long raise_ambient(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  long result = SC(capget, &header, data);
  if (result < 0) return result;
  for (int half = 0; half < 2; half++) data[half].inheritable = data[half].permitted;
  result = SC(capset, &header, data);
  if (result < 0) return result;
  for (int capability = 0; capability < 64; capability++) {
    if (!(data[capability / 32].permitted >> capability % 32 & 1)) continue;
    result = SC(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0);
    if (result < 0) return result;
  }
  return 0;
}
