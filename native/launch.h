/*
 * The launcher: the program that nsatlas becomes (or, for the library, starts) to run a command in other namespaces. It
 * carries out a plan, a list of steps that TypeScript has worked out and laid into a file in memory, and then becomes the
 * command. docs/decisions/0011-launcher.md says why like this. It decides nothing, knows no sentence, and reads
 * nothing but the plan: not from where the caller is, and not from where it goes.
 *
 * `launcher FD …` takes the plan from descriptor FD; further words are for ps(1) to show. src/enter/encode-plan.ts
 * writes the plan, and has the same names; everything in it is little-endian, and every `_at` is an offset into it.
 */
#ifndef NSATLAS_LAUNCH_H
#define NSATLAS_LAUNCH_H

#include "sys.h"

#define PLAN_MAGIC 0x414e534eU
#define PLAN_VERSION 1

enum op {
  OP_KEEP = 1,  /* list_at, count */
  OP_SIGNALS,   /* ignored, blocked: one bit a signal, SIGHUP is bit 0 */
  OP_RLIMIT,    /* resource, soft */
  OP_PRCTL,     /* option, and its four arguments */
  OP_SETNS,     /* fd, nstype */
  OP_UNSHARE,   /* flags */
  OP_FORK,      /* kill signal, forwarded, held, first step of the child, timeout in ms, grace in ms, whether it stops along */
  OP_HELPER,    /* register, first step behind its own */
  OP_RELEASE,   /* register */
  OP_OPEN,      /* register, path */
  OP_WRITE,     /* folder fd, path (0: to the fd itself), data_at, data bytes, whether it may be missing */
  OP_MAP,       /* argv_at: newuidmap or newgidmap, for the process that is waited for */
  OP_MOUNT,     /* source, target, type, flags, data */
  OP_CHROOT,    /* path */
  OP_CHDIR,     /* path */
  OP_FCHDIR,    /* fd */
  OP_SETGROUPS, /* list_at, count */
  OP_SETGID,    /* gid */
  OP_SETUID,    /* uid */
  OP_AMBIENT,   /* */
  OP_HOSTNAME,  /* bytes_at, count */
  OP_DOMAINNAME,
  OP_EXEC,  /* argv_at, env_at (0: the launcher's own), file (0: argv[0]) */
  OP_CLOSE, /* fd */
  OP_SERVE, /* stream, socket for descriptors, own /proc/self/fd, own /proc/self/ns */
  OP_COUNT
};

struct step {
  uint16_t op;
  /* Marks, from 1 on; 0: none. A step that succeeds sets one; one that is set lets another be skipped, or fail. */
  uint8_t sets;
  uint8_t skipped_by;
  /* ALWAYS: whatever happens. */
  uint8_t may_fail_by;
  uint8_t reserved[3];
  /* struct failures; 0: none. */
  uint32_t failures_at;
  uint32_t reserved_too;
  int64_t arg[8];
};
#define ALWAYS 255

struct plan {
  uint32_t magic;
  uint32_t version;
  uint32_t bytes;
  uint32_t steps_at;
  uint32_t step_count;
  /* Where a failure is reported as `struct report` instead of printed; below 0: nowhere. */
  int32_t report_fd;
  /* One struct errno_words for each number, from 0 on. */
  uint32_t errnos_at;
  uint32_t errno_count;
};
struct errno_words {
  uint32_t name_at;
  uint32_t text_at;
};
struct failure {
  uint32_t error;
  uint32_t text_at;
};
/* What a step says when it fails: the row of the errno, else the default, in which two bytes stand for what is known then. */
struct failures {
  uint32_t otherwise_at;
  uint32_t count;
  struct failure rows[];
};
#define ERRNO_NAME '\1'
#define ERRNO_TEXT '\2'

struct report {
  uint32_t step;
  int32_t error;
};

/* As nsenter and unshare have them. */
#define EXIT_OWN 1
#define EXIT_TIMED_OUT 124
#define EXIT_NOT_RUN 126
#define EXIT_NOT_FOUND 127

/* A descriptor argument below 0 is one of the launcher's own registers: -1 is the first. */
#define REGISTERS 8

struct launch {
  /* The plan, and a copy of how it begins: lists are made ready in place, and nothing that they cover shall count. */
  char *bytes;
  struct plan plan;
  char **environment;
  int32_t registers[REGISTERS];
  int32_t helpers[REGISTERS];
  uint64_t marks;
  /* The one that the command runs in, or its parent: whoever reads /proc/PID for us means this. */
  int32_t pid;
  /* The command's process, in its parent; else 0. */
  int32_t child;
  /* The signal that the command's process gets when its parent ends, 0: none; and a pidfd of that one, below 0: none. */
  int32_t death_signal;
  int32_t parent;
};

/* launch.c */
_Noreturn void leave(int code);
/* Ends, and the command's process too: it shall not go on without what its parent was to do. */
_Noreturn void give_up(const struct launch *self, int code);
_Noreturn void fail(const struct launch *self, const struct step *step, long error, int code);
const struct step *step_at(const struct launch *self, uint32_t index);
/* A later step of the plan, or its end: whoever goes back goes in circles. */
uint32_t step_behind(const struct launch *self, uint32_t index, int64_t next);
/* The text, the bytes or the rows at an offset. A plan that leads out of itself is no plan of ours: the program ends. */
char *text_at(const struct launch *self, int64_t at);
void *bytes_at(const struct launch *self, int64_t at, uint64_t count);
void *rows_at(const struct launch *self, int64_t at, uint64_t count, uint64_t row_bytes);
/* A list of texts, ended by 0, that had offsets: one slot more is free in front. Each list is made ready once. */
char **list_at(const struct launch *self, int64_t at);
int descriptor(const struct launch *self, int64_t fd);
/* Carries out steps from the first up to `end`, which is not one of them. */
void carry_out(struct launch *self, uint32_t from, uint32_t end);

/* launch-steps.c. A result >= 0 or -errno. */
long simple_step(struct launch *self, const struct step *step);
/* launch-credentials.c */
long set_signals(uint64_t ignored, uint64_t blocked);
long set_soft_limit(int resource, int64_t soft);
long raise_ambient(void);
long keep_descriptors(const uint32_t *pairs, uint64_t count);
/* launch-fork.c. Gives the step to go on with, in the child; the parent ends here, as the child does. */
uint32_t fork_step(struct launch *self, const struct step *step, uint32_t index);
uint32_t helper_step(struct launch *self, const struct step *step, uint32_t index);
void release_step(struct launch *self, const struct step *step);
/* Asks for the death signal, where one is wanted: 0 or -errno. Ends where the parent has ended by then. */
long die_with_parent(const struct launch *self);
/* launch-exec.c */
_Noreturn void exec_step(const struct launch *self, const struct step *step);
long map_step(const struct launch *self, const struct step *step);
/* execvp(3), with the PATH of `environment`. -errno. */
long search_and_exec(const char *file, char **argv, char **environment);
/* launch-serve.c */
_Noreturn void serve_step(struct launch *self, const struct step *step);
/* launch-wait.c: ends the caller as the process `pid` ends. */
_Noreturn void wait_and_end(const struct launch *self, const struct step *step, int pid, uint64_t own_mask);
/* The exit code of a child that is not waited for in any other way; -errno, and -ECANCELED where a signal has ended it. */
long exit_code_of(int pid);

#endif
