/* The launcher's beginning, its plan, and how a step fails. */
#include "launch.h"
#include "start.h"
#include <asm/mman.h>
#include <asm/signal.h>
#include <asm/stat.h>
#include <linux/mman.h>
#include <linux/prctl.h>

#define MOST_BYTES (64 << 20)

void leave(int code) {
  for (;;) SC(exit_group, code);
}

void give_up(const struct launch *self, int code) {
  if (self->child > 0) {
    SC(kill, self->child, SIGKILL);
    SC(wait4, self->child, NULL, 0, NULL);
  }
  leave(code);
}

void *bytes_at(const struct launch *self, int64_t at, uint64_t count) {
  if (at < 0 || count > self->plan.bytes || (uint64_t)at > self->plan.bytes - count) leave(EXIT_OWN);
  return self->bytes + at;
}

void *rows_at(const struct launch *self, int64_t at, uint64_t count, uint64_t row_bytes) {
  if (at % 8 != 0 || count > self->plan.bytes / row_bytes) leave(EXIT_OWN);
  return bytes_at(self, at, count * row_bytes);
}

/* The last byte of a plan is 0, so that every text ends within it. */
char *text_at(const struct launch *self, int64_t at) { return bytes_at(self, at, 1); }

char **list_at(const struct launch *self, int64_t at) {
  if (at < (int64_t)sizeof(uint64_t)) leave(EXIT_OWN);
  for (int64_t next = at;; next += (int64_t)sizeof(uint64_t)) {
    uint64_t *slot = rows_at(self, next, 1, sizeof *slot);
    if (*slot == 0) return (char **)(self->bytes + at);
    *slot = (uint64_t)text_at(self, (int64_t)*slot);
  }
}

const struct step *step_at(const struct launch *self, uint32_t index) {
  return rows_at(self, self->plan.steps_at + (int64_t)index * (int64_t)sizeof(struct step), 1, sizeof(struct step));
}

uint32_t step_behind(const struct launch *self, uint32_t index, int64_t next) {
  if (next <= index || next > self->plan.step_count) leave(EXIT_OWN);
  return (uint32_t)next;
}

int descriptor(const struct launch *self, int64_t fd) {
  if (fd >= 0) return (int)fd;
  if (fd < -REGISTERS) leave(EXIT_OWN);
  return self->registers[-1 - fd];
}

static void say(const char *text, size_t bytes) {
  while (bytes) {
    long written = SC(write, 2, text, bytes);
    if (written == -EINTR) continue;
    if (written <= 0) return;
    text += written;
    bytes -= (size_t)written;
  }
}

static void say_failure(const struct launch *self, const struct step *step, uint32_t error) {
  const struct failures *failures = rows_at(self, step->failures_at, 1, sizeof *failures);
  const struct failure *rows =
      rows_at(self, step->failures_at + (int64_t)sizeof *failures, failures->count, sizeof *rows);
  const char *text = text_at(self, failures->otherwise_at);
  for (uint32_t i = 0; i < failures->count; i++) {
    if (rows[i].error == error) text = text_at(self, rows[i].text_at);
  }
  if (self->plan.errno_count == 0) leave(EXIT_OWN);
  const struct errno_words *words = rows_at(self, self->plan.errnos_at, self->plan.errno_count, sizeof *words);
  if (error < self->plan.errno_count) words += error;
  const char *from = text;
  for (; *text; text++) {
    if (*text != ERRNO_NAME && *text != ERRNO_TEXT) continue;
    const char *word = text_at(self, *text == ERRNO_NAME ? words->name_at : words->text_at);
    say(from, (size_t)(text - from));
    say(word, strlen(word));
    from = text + 1;
  }
  say(from, (size_t)(text - from));
}

void fail(const struct launch *self, const struct step *step, long error, int code) {
  if (self->plan.report_fd >= 0) {
    const struct report report = {(uint32_t)(step - step_at(self, 0)), (int32_t)error};
    SC(write, self->plan.report_fd, &report, sizeof report);
  } else if (step->failures_at) {
    say_failure(self, step, (uint32_t)error);
  }
  give_up(self, code);
}

static int has_mark(const struct launch *self, uint8_t mark) {
  return mark == ALWAYS || (mark && mark < 64 && (self->marks & 1ULL << mark));
}

void carry_out(struct launch *self, uint32_t from, uint32_t end) {
  for (uint32_t index = from; index < end; index++) {
    const struct step *step = step_at(self, index);
    if (has_mark(self, step->skipped_by)) continue;
    switch (step->op) {
    case OP_FORK:
      index = fork_step(self, step, index) - 1;
      continue;
    case OP_HELPER:
      index = helper_step(self, step, index) - 1;
      continue;
    case OP_RELEASE:
      release_step(self, step);
      continue;
    case OP_SERVE:
      serve_step(self, step);
    case OP_EXEC:
      exec_step(self, step);
    }
    long result = simple_step(self, step);
    if (result >= 0) {
      if (step->sets && step->sets < 64) self->marks |= 1ULL << step->sets;
    } else if (!has_mark(self, step->may_fail_by)) {
      fail(self, step, -result, EXIT_OWN);
    }
  }
}

/* A copy of our own: lists become addresses in it, and nobody can change it under us. */
static char *map_plan(int fd) {
  struct stat status;
  if (SC(fstat, fd, &status) < 0 || status.st_size < (long)sizeof(struct plan) || status.st_size > MOST_BYTES) {
    leave(EXIT_OWN);
  }
  long address = SC(mmap, NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_POPULATE, fd, 0);
  if (address < 0 && address > -4096) leave(EXIT_OWN);
  const struct plan *plan = (const struct plan *)address;
  if (plan->magic != PLAN_MAGIC || plan->version != PLAN_VERSION) leave(EXIT_OWN);
  if (plan->bytes != status.st_size || ((const char *)plan)[plan->bytes - 1] != '\0') leave(EXIT_OWN);
  SC(close, fd);
  return (char *)address;
}

static int number_of(const char *text) {
  int number = 0;
  for (; *text >= '0' && *text <= '9' && number < 1 << 24; text++) number = number * 10 + (*text - '0');
  return *text ? -1 : number;
}

void begin_program(const long *stack) {
  long count = stack[0];
  const char *const *words = (const char *const *)(stack + 1);
  if (count < 2) leave(EXIT_OWN);
  struct launch self = {.environment = (char **)(stack + 1 + count + 1)};
  /* Started from a file in memory, the kernel would name it after that. */
  SC(prctl, PR_SET_NAME, "nsatlas", 0, 0, 0);
  self.bytes = map_plan(number_of(words[1]));
  memcpy(&self.plan, self.bytes, sizeof self.plan);
  self.pid = (int32_t)SC(getpid);
  carry_out(&self, 0, self.plan.step_count);
  leave(0);
}
