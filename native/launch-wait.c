/* The parent of the command: it waits, passes signals on, and ends as the command does. */
#include "launch.h"
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/wait.h>

/* struct timespec of the 64-bit calls. */
struct duration {
  int64_t s;
  int64_t ns;
};
#define MS_PER_S 1000
#define NS_PER_MS 1000000L

static int64_t now_ms(void) {
  struct duration now;
  SC(clock_gettime, 1 /* CLOCK_MONOTONIC */, &now);
  return now.s * MS_PER_S + now.ns / NS_PER_MS;
}

/* waitpid(3)'s macros. */
static int exit_code(int status) { return status >> 8 & 0xff; }
static int ending_signal(int status) { return status & 0x7f; }
static int has_stopped(int status) { return (status & 0xff) == 0x7f; }

long exit_code_of(int pid) {
  int status;
  long result;
  while ((result = SC(wait4, pid, &status, 0, NULL)) == -EINTR);
  if (result < 0) return result;
  return ending_signal(status) ? -ECANCELED : exit_code(status);
}

/* As the child: by its exit code, or by the same signal, so that a shell says the same of us. */
static _Noreturn void end_as(const struct launch *self, int status) {
  const int signal = ending_signal(status);
  if (signal == 0) leave(exit_code(status));
  const struct sigaction normal = {.sa_handler = SIG_DFL};
  const uint64_t just_it = 1ULL << (signal - 1);
  SC(rt_sigaction, signal, &normal, NULL, sizeof just_it);
  SC(rt_sigprocmask, SIG_UNBLOCK, &just_it, NULL, sizeof just_it);
  SC(kill, self->pid, signal);
  /* The first process of a pid namespace does not die by its own signals. */
  leave(EXIT_OWN);
}

/* The child stopped: so do we, that the shell may see it; and when it has us go on, the child does. */
static void stop_along(const struct launch *self, int pid) {
  SC(kill, self->pid, SIGSTOP);
  SC(kill, pid, SIGCONT);
}

/* Looks at the child; ends if it has ended. */
static void look(const struct launch *self, const struct step *step, int pid, int timed_out) {
  const int stops_along = step->arg[6] != 0;
  int status;
  long found;
  while ((found = SC(wait4, pid, &status, WNOHANG | (stops_along ? WUNTRACED : 0), NULL)) == pid) {
    if (has_stopped(status)) {
      stop_along(self, pid);
      continue;
    }
    if (timed_out) {
      struct launch alone = *self;
      alone.child = 0;
      fail(&alone, step, ETIMEDOUT, EXIT_TIMED_OUT);
    }
    end_as(self, status);
  }
  if (found < 0 && found != -EINTR) fail(self, step, -found, EXIT_OWN);
}

/* No time of the plan makes the sum with now too large: 278 years. */
static int64_t bounded(int64_t ms) {
  const int64_t most = 1LL << 43;
  return ms < 0 || ms > most ? most : ms;
}

/*
 * Signals are taken one by one where the caller wants them passed on or held back, and that of a child's change always: no
 * handler, so nothing interrupts anything. Those neither forwarded nor held do here what they do to any program.
 */
void wait_and_end(const struct launch *self, const struct step *step, int pid, uint64_t own_mask) {
  const uint64_t forwarded = (uint64_t)step->arg[1];
  const uint64_t held = (uint64_t)step->arg[2];
  const uint64_t taken = (forwarded & ~own_mask) | held | 1ULL << (SIGCHLD - 1);
  const int64_t limit = bounded(step->arg[4]);
  const int64_t grace = bounded(step->arg[5]);
  int64_t until = limit ? now_ms() + limit : 0;
  int timed_out = 0;
  for (;;) {
    look(self, step, pid, timed_out);
    const int64_t left = until ? until - now_ms() : MS_PER_S * 3600;
    if (left <= 0) {
      SC(kill, pid, timed_out ? SIGKILL : SIGTERM);
      /* A stopped one has to go on to end. */
      SC(kill, pid, SIGCONT);
      timed_out = 1;
      until = now_ms() + (grace ? grace : 1);
      continue;
    }
    const struct duration patience = {left / MS_PER_S, left % MS_PER_S * NS_PER_MS};
    siginfo_t info;
    long signal = SC(rt_sigtimedwait, &taken, &info, &patience, sizeof taken);
    /* What the kernel sends, as a terminal's ^C, the whole process group gets: the command has had it. */
    if (signal > 0 && signal != SIGCHLD && (forwarded >> (signal - 1) & 1) && info.si_code <= SI_USER) {
      SC(kill, pid, signal);
    }
  }
}
