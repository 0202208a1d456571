/*
 * What only /proc tells about threads: their ids as the dispatcher's pid namespace numbers them, and that one is gone.
 * Message credentials and pidfds (before Linux 6.9) speak of whole processes.
 */
#include "holder-text.h"
#include "holder.h"
#include <linux/fcntl.h>

/* Kept open since the start: /proc of the dispatcher's pid namespace. -errno where there is none. */
static long proc_fd = -ENOENT;

void open_proc(void) { proc_fd = SC(openat, AT_FDCWD, "/proc", O_PATH | O_CLOEXEC); }

static struct text task_path(int pid, const char *tid, const char *file) {
  struct text path = word_and_number("", (uint32_t)pid);
  add_word(&path, "/task");
  if (tid) add_word(&path, "/"), add_word(&path, tid);
  if (file) add_word(&path, "/"), add_word(&path, file);
  return path;
}

/* The beginning of a small file as text; its length, or -errno. */
static long read_start(const struct text *path, char *into, size_t room) {
  long fd = SC(openat, proc_fd, path->bytes, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fd;
  long length = SC(read, fd, into, room - 1);
  SC(close, fd);
  into[length > 0 ? length : 0] = 0;
  return length;
}

/* The last number of the NSpid line: the id in the thread's own pid namespace. 0 where it could not be read. */
static uint32_t innermost_id(int pid, const char *tid) {
  static const char LABEL[] = "\nNSpid:";
  char text[4096];
  struct text path = task_path(pid, tid, "status");
  if (read_start(&path, text, sizeof text) <= 0) return 0;
  for (const char *line = text; *line; line++) {
    if (memcmp(line, LABEL, sizeof LABEL - 1) != 0) continue;
    uint32_t number = 0;
    for (const char *at = line + sizeof LABEL - 1; *at && *at != '\n'; at++) {
      if (*at == '\t') number = 0;
      else number = number * 10 + (uint32_t)(*at - '0');
    }
    return number;
  }
  return 0;
}

struct directory_entry {
  uint64_t inode;
  int64_t offset;
  uint16_t bytes;
  uint8_t type;
  char name[];
};

/*
 * The id here of that thread of process `pid` whose own pid namespace numbers it `own_tid`; 0 where /proc does not say.
 * NSpid: since Linux 4.1.
 */
int thread_id_from_outside(int pid, uint32_t own_tid) {
  struct text path = task_path(pid, NULL, NULL);
  long fd = SC(openat, proc_fd, path.bytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return 0;
  char room[2048] __attribute__((aligned(8)));
  int found = 0;
  for (long length; !found && (length = SC(getdents64, fd, room, sizeof room)) > 0;) {
    for (long at = 0; at < length && !found;) {
      const struct directory_entry *entry = (const void *)(room + at);
      if (entry->name[0] != '.' && innermost_id(pid, entry->name) == own_tid) found = number_of(entry->name);
      at += entry->bytes;
    }
  }
  SC(close, fd);
  return found;
}

char thread_state(int pid, int tid) {
  struct text digits = word_and_number("", (uint32_t)tid);
  struct text path = task_path(pid, digits.bytes, "stat");
  char text[512];
  if (read_start(&path, text, sizeof text) <= 0) return 0;
  /* "PID (NAME) STATE ...": the name may hold anything, so the last parenthesis counts. */
  const char *state = NULL;
  for (const char *at = text; *at; at++) {
    if (*at == ')') state = at + 2;
  }
  return state ? *state : 0;
}
