/* Who lives and who has ended: pidfds, the guard, and the end of all. */
#include "holder.h"
#include <asm/poll.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/wait.h>

/* struct timespec of the 64-bit calls. */
struct duration {
  int64_t s;
  int64_t ns;
};

/* Between two looks at something that gives no signal. */
#define PAUSE_NS 50000L
/* After SIGKILL to all; beyond it something is stuck in the kernel. */
#define END_LIMIT_NS (5 * NS_PER_S)

int64_t now_ns(void) {
  struct duration now;
  SC(clock_gettime, 1 /* CLOCK_MONOTONIC */, &now);
  return now.s * NS_PER_S + now.ns;
}

static void pause_for(int64_t ns) {
  const struct duration time = {ns / NS_PER_S, ns % NS_PER_S};
  SC(nanosleep, &time, NULL);
}

/* What poll(2) reports of `fd` within `ns`; POLLHUP comes unasked. */
static int poll_one(int fd, short events, int64_t ns) {
  if (ns < 0) ns = 0;
  struct pollfd one = {.fd = fd, .events = events};
  struct duration limit = {ns / NS_PER_S, ns % NS_PER_S};
  return SC(ppoll, &one, 1, &limit, NULL, 0) > 0 ? one.revents : 0;
}

/* Whether nobody can send requests any more. */
int was_hung_up(void) { return (poll_one(0, 0, 0) & (POLLHUP | POLLERR | POLLNVAL)) != 0; }

int has_ended(int pidfd) { return poll_one(pidfd, POLLIN, 0) != 0; }

/* Takes a holder just born into the books. `pid` is of its thread group; 0: unknown. */
void adopt(struct region *region, int index, int pid) {
  struct entry *entry = &region->entries[index];
  const struct slot *slot = &region->slots[index];
  long pidfd = pid > 0 ? SC(pidfd_open, pid, 0) : -ESRCH;
  entry->pidfd = pidfd > 0 ? (int32_t)pidfd : 0;
  entry->pid = pid;
  entry->is_leader = slot->is_leader != 0;
  entry->tid = entry->is_leader || pid == 0 ? pid : thread_id_from_outside(pid, load(&slot->turn) & FUTEX_TID_MASK);
  entry->life = LIFE_IDLE;
}

static void close_pidfd(struct entry *entry) {
  if (entry->pidfd) SC(close, entry->pidfd);
  entry->pidfd = 0;
}

/* One that has ended. Its pidfd would keep its pid namespace, even when it has long been waited for. */
void bury(struct entry *entry) {
  close_pidfd(entry);
  entry->life = LIFE_DEAD;
}

void forget(struct entry *entry) {
  close_pidfd(entry);
  *entry = (struct entry){.life = LIFE_UNUSED};
}

/*
 * Whether a child has ended, who may be waited for still; -ECHILD: it is no child of the caller. Where there are no pidfds (before
 * Linux 5.3, or under a filter) this has to do: before it is waited for, a child's number is nobody else's.
 */
static long child_has_ended(int pid) {
  siginfo_t told = {0};
  if (pid <= 0) return -ECHILD;
  long result = SC(waitid, P_PID, pid, &told, WEXITED | WNOHANG | WNOWAIT | __WALL, NULL);
  return result < 0 ? result : told.si_pid != 0;
}

long kill_entry(const struct entry *entry) {
  long result = entry->pidfd ? SC(pidfd_send_signal, entry->pidfd, SIGKILL, NULL, 0) : -ENOSYS;
  if (result != -ENOSYS && result != -EPERM) return result;
  long ended = child_has_ended(entry->pid);
  if (ended < 0) return result;
  return ended ? -ESRCH : SC(kill, entry->pid, SIGKILL);
}

/* By what there is without a pidfd. The robust list is let go of before the end, and by execve; a child's end is told. */
static int is_gone(const struct entry *entry, uint32_t turn) {
  long ended = child_has_ended(entry->pid);
  if (ended > 0) return 1;
  if (!(turn & FUTEX_OWNER_DIED)) return 0;
  if (ended < 0 || !entry->is_leader) return 1;
  char state = thread_state(entry->pid, entry->pid);
  return state == 'Z' || state == 'X' || state == 0;
}

int wait_gone(const struct region *region, int index, int64_t until) {
  const struct entry *entry = &region->entries[index];
  for (;;) {
    int64_t left = until - now_ns();
    if (entry->pidfd == 0 || entry->tid == 0) {
      if (is_gone(entry, load(&region->slots[index].turn))) return 1;
      pause_for(PAUSE_NS);
    } else if (entry->is_leader) {
      if (poll_one(entry->pidfd, POLLIN, left < NS_PER_MS ? left : NS_PER_MS)) return 1;
      /* A first thread that ends before the others is a zombie of which its pidfd says nothing yet. */
      char state = thread_state(entry->pid, entry->pid);
      if (state == 'Z' || state == 'X') return 1;
    } else {
      if (poll_one(entry->pidfd, POLLIN, 0)) return 1;
      if (thread_state(entry->pid, entry->tid) == 0) return 1;
      pause_for(PAUSE_NS);
    }
    if (left <= 0) return 0;
  }
}

static void kill_all(const struct region *region) {
  for (int i = 0; i < SLOTS; i++) {
    const struct entry *entry = &region->entries[i];
    if (entry->life != LIFE_UNUSED && entry->life != LIFE_DEAD) kill_entry(entry);
  }
}

int end_all(struct region *region, int reap) {
  int64_t until = now_ns() + END_LIMIT_NS;
  /* For a holder that the guard has no pidfd of: it leaves by itself when it next looks. */
  store(&region->keeper, FUTEX_OWNER_DIED);
  futex_wake(&region->keeper);
  kill_all(region);
  give_back_cpus();
  if (!reap) {
    for (int i = 0; i < SLOTS; i++) {
      if (region->entries[i].pidfd) poll_one(region->entries[i].pidfd, POLLIN, until - now_ns());
    }
    return 0;
  }
  /* Not one after the other: the first process of a pid namespace ends after all others in it are reaped. */
  for (;;) {
    long pid = SC(wait4, -1, NULL, WNOHANG | __WALL, NULL);
    if (pid == -ECHILD) return 0;
    if (pid == 0) {
      if (now_ns() > until) return 1;
      pause_for(PAUSE_NS);
    }
  }
}

/* Waits for the end of the dispatcher, whose descriptors it shares, then ends all. Only SIGKILL ends it before. */
static _Noreturn void guard(struct region *region) {
  const uint64_t every_signal = ~(uint64_t)0;
  SC(rt_sigprocmask, SIG_SETMASK, &every_signal, NULL, sizeof every_signal);
  for (uint32_t keeper; !((keeper = load(&region->keeper)) & FUTEX_OWNER_DIED);) {
    futex_wait(&region->keeper, keeper, 3600 * NS_PER_S);
  }
  leave(end_all(region, 0));
}

void start_guard(struct region *region) {
  const long CLONE_FILES = 0x400;
  long pid = SC(clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) guard(region);
  if (pid < 0) leave(EXIT_SETUP);
}
