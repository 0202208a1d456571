/* Processes of the launcher: the command's, where it gets one of its own, and helpers that stay outside. */
#include "launch.h"
#include <asm/poll.h>
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>

/* Whether the process that `pidfd` stands for has ended. */
static int has_ended(int pidfd) {
  struct pollfd one = {.fd = pidfd, .events = POLLIN};
  const int64_t at_once[2] = {0, 0};
  return SC(ppoll, &one, 1, at_once, NULL, 0) > 0;
}

/* The parent may have died before we said so; in a pid namespace of its own getppid(2) cannot tell. */
long die_with_parent(const struct launch *self) {
  if (self->death_signal == 0) return 0;
  long result = SC(prctl, PR_SET_PDEATHSIG, self->death_signal, 0, 0, 0);
  if (result >= 0 && self->parent >= 0 && has_ended(self->parent)) leave(EXIT_OWN);
  return result;
}

uint32_t fork_step(struct launch *self, const struct step *step, uint32_t index) {
  const uint32_t child_from = step_behind(self, index, step->arg[3]);
  const uint64_t waited_for = (uint64_t)(step->arg[1] | step->arg[2]) | 1ULL << (SIGCHLD - 1);
  uint64_t before;
  const struct sigaction normal = {.sa_handler = SIG_DFL};
  struct sigaction children;
  /* Were SIGCHLD ignored, nobody could wait for the child. */
  SC(rt_sigaction, SIGCHLD, &normal, &children, sizeof before);
  SC(rt_sigprocmask, SIG_BLOCK, &waited_for, &before, sizeof before);
  /* Before Linux 5.3 there are no pidfds, and the moment stays open. */
  long own = step->arg[0] ? SC(pidfd_open, self->pid, 0) : -ENOENT;
  long pid = SC(clone, SIGCHLD, 0, 0, 0, 0);
  if (pid < 0) fail(self, step, -pid, EXIT_OWN);
  if (pid == 0) {
    SC(rt_sigaction, SIGCHLD, &children, NULL, sizeof before);
    SC(rt_sigprocmask, SIG_SETMASK, &before, NULL, sizeof before);
    self->death_signal = (int32_t)step->arg[0];
    self->parent = (int32_t)own;
    long result = die_with_parent(self);
    if (result < 0) fail(self, step, -result, EXIT_OWN);
    return child_from;
  }
  if (own >= 0) SC(close, own);
  self->child = (int32_t)pid;
  /* What is left for the parent to do. */
  carry_out(self, index + 1, child_from);
  wait_and_end(self, step, (int)pid, before);
}

/*
 * A helper waits, in the namespaces that the launcher is about to leave, until it is told that they have been left; then
 * it carries out its steps and ends. Where the launcher ends before, its end of the pipe does too, and the helper with it.
 */
uint32_t helper_step(struct launch *self, const struct step *step, uint32_t index) {
  const uint32_t end = step_behind(self, index, step->arg[1]);
  int32_t ends[2];
  if (step->arg[0] < 0 || step->arg[0] >= REGISTERS) leave(EXIT_OWN);
  long result = SC(pipe2, ends, O_CLOEXEC);
  if (result < 0) fail(self, step, -result, EXIT_OWN);
  long pid = SC(clone, SIGCHLD, 0, 0, 0, 0);
  if (pid < 0) fail(self, step, -pid, EXIT_OWN);
  if (pid == 0) {
    char told;
    SC(close, ends[1]);
    while ((result = SC(read, ends[0], &told, 1)) == -EINTR);
    if (result != 1) leave(EXIT_OWN);
    /* Whatever it does, the command is not its to kill. */
    self->child = 0;
    carry_out(self, index + 1, end);
    leave(0);
  }
  /* The other end stays open until the command runs: were the helper dead, a write would end us by SIGPIPE, without a word. */
  self->registers[step->arg[0]] = ends[1];
  self->helpers[step->arg[0]] = (int32_t)pid;
  return end;
}

void release_step(struct launch *self, const struct step *step) {
  if (step->arg[0] < 0 || step->arg[0] >= REGISTERS) leave(EXIT_OWN);
  const int32_t end = self->registers[step->arg[0]];
  SC(write, end, "", 1);
  SC(close, end);
  long code = exit_code_of(self->helpers[step->arg[0]]);
  if (code < 0) fail(self, step, -code, EXIT_OWN);
  /* It has said why itself. */
  if (code > 0) give_up(self, (int)code);
}
