/* Becoming the command: execvp(3) as the C library has it. */
#include "decimal.h"
#include "launch.h"
#include <asm/signal.h>
#include <linux/limits.h>

static const char *path_in(char **environment) {
  static const char name[] = "PATH=";
  for (; *environment; environment++) {
    if (memcmp(*environment, name, strlen(name)) == 0) return *environment + strlen(name);
  }
  return "/bin:/usr/bin";
}

/* A file without "#!" that the kernel does not know is a script for the shell, as it was before there was "#!". */
static long exec_file(const char *file, char **argv, char **environment) {
  long error = SC(execve, file, argv, environment);
  if (error != -ENOEXEC) return error;
  char *const first = argv[0];
  /* The slot in front of a list is free for this. */
  argv[-1] = (char *)"/bin/sh";
  argv[0] = (char *)file;
  SC(execve, "/bin/sh", argv - 1, environment);
  argv[0] = first;
  return error;
}

static int has_slash(const char *file) {
  while (*file && *file != '/') file++;
  return *file == '/';
}

long search_and_exec(const char *file, char **argv, char **environment) {
  if (*file == '\0') return -ENOENT;
  if (has_slash(file)) return exec_file(file, argv, environment);
  const size_t length = strlen(file);
  if (length > NAME_MAX) return -ENAMETOOLONG;
  int was_denied = 0;
  for (const char *from = path_in(environment), *end;; from = end + 1) {
    for (end = from; *end && *end != ':';) end++;
    const size_t folder = (size_t)(end - from);
    char name[PATH_MAX + NAME_MAX + 2];
    if (folder < PATH_MAX) {
      /* An empty folder is the current one. */
      memcpy(name, from, folder);
      name[folder] = '/';
      memcpy(name + folder + (folder > 0), file, length + 1);
      long error = exec_file(name, argv, environment);
      switch (error) {
      case -EACCES:
        /* Something of that name is there; another folder may have one that we may run. */
        was_denied = 1;
        break;
      case -ENOENT:
      case -ESTALE:
      case -ENOTDIR:
      case -ENODEV:
      case -ETIMEDOUT:
        break;
      default:
        return error;
      }
    }
    if (*end == '\0') return was_denied ? -EACCES : -ENOENT;
  }
}

void exec_step(const struct launch *self, const struct step *step) {
  char **const argv = list_at(self, step->arg[0]);
  char **const environment = step->arg[1] ? list_at(self, step->arg[1]) : self->environment;
  if (argv[0] == NULL) leave(EXIT_OWN);
  const char *const file = step->arg[2] ? text_at(self, step->arg[2]) : argv[0];
  long error = search_and_exec(file, argv, environment);
  fail(self, step, -error, error == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN);
}

/* In a process of its own: the helper that calls this has more to do. Its argv[1] is a blank for the process to map. */
long map_step(const struct launch *self, const struct step *step) {
  char **const argv = list_at(self, step->arg[0]);
  if (argv[0] == NULL || argv[1] == NULL) return -EINVAL;
  char number[DECIMAL_ROOM];
  argv[1] = decimal(number, (uint32_t)self->pid);
  long pid = SC(clone, SIGCHLD, 0, 0, 0, 0);
  if (pid < 0) return pid;
  if (pid == 0) {
    long error = search_and_exec(argv[0], argv, self->environment);
    fail(self, step, -error, error == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN);
  }
  long code = exit_code_of((int)pid);
  /* It could not be run, and that was said. */
  if (code == EXIT_NOT_FOUND || code == EXIT_NOT_RUN) leave(EXIT_OWN);
  /* It has said why itself; its exit codes mean nothing to who runs a command. */
  return code > 0 ? -EPERM : code;
}
