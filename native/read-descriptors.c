#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#include "dents.h"
#include "scan.h"

// One table while it is read: the folders `fd` and, once it is needed, `fdinfo` of a process or thread.
struct table {
  struct scan *scan;
  int folder;
  int fds;
  uint32_t row;
  int32_t tid;
};

// In the order of KINDS in src/abi/namespace-kinds.ts.
static const char *const KIND_PREFIXES[] = {"cgroup:[", "ipc:[", "mnt:[", "net:[", "pid:[", "time:[", "user:[", "uts:["};
#define KIND_COUNT (sizeof KIND_PREFIXES / sizeof *KIND_PREFIXES)

static bool starts_with(const char *text, size_t length, const char *prefix) {
  size_t wanted = strlen(prefix);
  return length >= wanted && memcmp(text, prefix, wanted) == 0;
}

// `4026531833]`
static uint64_t number_before_bracket(const char *text, size_t length) {
  uint64_t number = 0;
  size_t at = 0;
  for (; at < length && text[at] >= '0' && text[at] <= '9'; at++) number = number * 10 + (uint64_t)(text[at] - '0');
  return at + 1 == length && text[at] == ']' ? number : 0;
}

// Without asking the file system that the file is of: one in user space, or across a network, may never answer. ENOSYS
// before Linux 4.11: then a namespace that was opened through a bind mount is not told from other files.
static long look_without_asking(int folder, const char *name, struct statx *into) {
  return SC(statx, folder, name, AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO, into);
}

static uint64_t device_of(const struct statx *status) {
  // As st_dev has it; the kernel's huge_encode_dev.
  uint64_t major = status->stx_dev_major, minor = status->stx_dev_minor;
  return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xffULL) << 12) | ((major & ~0xfffULL) << 32);
}

uint64_t nsfs_device(int proc) {
  struct statx status;
  if (look_without_asking(AT_FDCWD, "/proc/self/ns/mnt", &status) == 0) return device_of(&status);
  return look_without_asking(proc, "self/ns/mnt", &status) == 0 ? device_of(&status) : 0;
}

bool counts_descriptors(int proc) {
  struct stat status;
  // We have some open: `proc` at least.
  return SC(newfstatat, proc, "self/fd", &status, 0) == 0 && status.st_size > 0;
}

// Without opening its folder, which takes twice as long. Source: fs/proc/fd.c proc_fd_getattr.
static bool is_empty(const struct scan *scan, int folder) {
  struct stat status;
  return scan->counts && SC(newfstatat, folder, "fd", &status, 0) == 0 && status.st_size == 0;
}

// A namespace's file and a pidfd are regular files of no disk, or of no type at all; sockets are sockets.
// Source: fs/nsfs.c, fs/pidfs.c, fs/anon_inodes.c. What servers have most of is told by this one call: /dev/null, pipes, logs.
static bool holds_nothing(const struct statx *status) {
  switch (status->stx_mode & S_IFMT) {
    case 0:
    case S_IFSOCK:
      return false;
    case S_IFREG:
      return status->stx_dev_major != 0;
    default:
      return true;
  }
}

// A socket, not a file of that type in a folder, which O_PATH opens: those are of other devices.
static bool is_socket(const struct scan *scan, const struct statx *status) {
  return (status->stx_mode & S_IFMT) == S_IFSOCK && scan->sockfs != 0 && device_of(status) == scan->sockfs;
}

// Whether a descriptor holds a namespace or may, and what it is, by what its link says, and by what it was found to be, where
// that could be found. A namespace's file has its kind for a name, unless it was opened through a bind mount: then it has the mount's path.
static bool classify(const struct table *table, const char *name, size_t length, const struct statx *found,
                     struct descriptor_row *into) {
  const char *text = table->scan->line;
  if (starts_with(text, length, "socket:[")) {
    into->what = SOCKET;
    into->inode = number_before_bracket(text + 8, length - 8);
    if (found != NULL && found->stx_ino == into->inode) table->scan->sockfs = device_of(found);
    return into->inode != 0;
  }
  if (starts_with(text, length, "anon_inode:[pidfd]")) {
    into->what = PIDFD;
    return true;
  }
  if (length > 0 && text[0] == '/') {
    if (found == NULL || table->scan->nsfs == 0 || device_of(found) != table->scan->nsfs) return false;
    into->what = NAMESPACE;
    into->inode = found->stx_ino;
    into->device = table->scan->nsfs;
    return true;
  }
  for (size_t kind = 0; kind < KIND_COUNT; kind++) {
    if (!starts_with(text, length, KIND_PREFIXES[kind])) continue;
    size_t prefix = strlen(KIND_PREFIXES[kind]);
    into->what = FIRST_KIND + (uint32_t)kind;
    into->inode = number_before_bracket(text + prefix, length - prefix);
    if (into->inode == 0) return false;
    if (!(table->scan->wish & EVERY_DEVICE)) return true;
    // Of this very namespace: the number may have been another file's when it was looked at before.
    struct statx status;
    if (look_without_asking(table->fds, name, &status) != 0 || status.stx_ino != into->inode) return false;
    into->device = device_of(&status);
    return true;
  }
  return false;
}

// What follows a line's name, as `flags:\t`; NULL where there is no such line.
static const char *line_of(const char *text, size_t length, const char *name) {
  size_t wanted = strlen(name);
  for (size_t at = 0; at + wanted < length; at++) {
    if ((at == 0 || text[at - 1] == '\n') && memcmp(text + at, name, wanted) == 0) return text + at + wanted;
  }
  return NULL;
}

static int64_t number_at(const char *text, const char *end, int base) {
  bool negative = text < end && *text == '-';
  int64_t number = 0;
  for (text += negative; text < end && *text >= '0' && *text < '0' + base; text++) number = number * base + (*text - '0');
  return negative ? -number : number;
}

// `fdinfo/N`. A refusal leaves everything unknown: whoever may read the link may read this as well.
static long read_info(const struct table *table, const char *name, struct descriptor_row *into) {
  char path[32] = "fdinfo/";
  size_t at = 7;
  while (*name && at < sizeof path - 1) path[at++] = *name++;
  path[at] = '\0';
  char *text = table->scan->line;
  long length = read_file(table->folder, path, text, sizeof table->scan->line - 1);
  if (length < 0) return length;
  const char *end = text + length;
  *(char *)end = '\0';
  const char *flags = line_of(text, (size_t)length, "flags:\t");
  const char *pid = line_of(text, (size_t)length, "Pid:\t");
  if (flags) into->flags = (int32_t)number_at(flags, end, 8);
  if (pid) into->target = (int32_t)number_at(pid, end, 10);
  // Closed, and something else open at its number by now.
  return into->what == PIDFD && !pid ? -ENOENT : 0;
}

// One descriptor. 0: looked at; -errno as the kernel gave it.
static long read_descriptor(const struct table *table, const char *name, int32_t fd) {
  struct scan *scan = table->scan;
  struct descriptor_row row = {.row = table->row, .tid = table->tid, .fd = fd, .flags = -1};
  struct statx status;
  bool looked = look_without_asking(table->fds, name, &status) == 0;
  if (looked && holds_nothing(&status)) return 0;
  if (looked && is_socket(scan, &status)) {
    row.what = SOCKET;
    row.inode = status.stx_ino;
  } else {
    long length = SC(readlinkat, table->fds, name, scan->line, sizeof scan->line);
    if (length < 0) return length;
    if (!classify(table, name, (size_t)length, looked ? &status : NULL, &row)) return 0;
  }
  // Most are sockets, and of those few are of interest: which, tells a closer look at the socket.
  long result = row.what == SOCKET ? 0 : read_info(table, name, &row);
  if (has_gone(result) || is_our_own(result)) return result;
  if (!make_room(&scan->tables.rows, sizeof row)) return -ENOMEM;
  memcpy(scan->tables.rows.at + scan->tables.rows.used, &row, sizeof row);
  scan->tables.rows.used += sizeof row;
  return 0;
}

// 0, or -errno where the table cannot be read any further.
static long read_entries(const struct table *table, size_t length) {
  struct scan *scan = table->scan;
  for (size_t at = 0; at < length;) {
    const struct entry *entry = (const struct entry *)(scan->fd_entries + at);
    at += entry->length;
    int32_t fd = number_of(entry->name);
    if (fd < 0) continue;
    take(scan->budget, &scan->budget->descriptors, 1);
    long result = read_descriptor(table, entry->name, fd);
    if (has_gone(result)) scan->tables.vanished++;
    else if (result < 0) return result;
  }
  return 0;
}

long read_table(struct scan *scan, int folder, uint32_t row, int32_t tid, bool likely_empty) {
  struct source *tables = &scan->tables;
  if (!has_some(scan->budget, &scan->budget->descriptors)) {
    tables->skipped++;
    return 0;
  }
  if (likely_empty && is_empty(scan, folder)) {
    tables->seen++;
    return 0;
  }
  long fds = SC(openat, folder, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC), result = fds, length;
  if (fds >= 0) {
    struct table table = {scan, folder, (int)fds, row, tid};
    result = 0;
    while ((length = SC(getdents64, fds, scan->fd_entries, sizeof scan->fd_entries)) > 0) {
      result = read_entries(&table, (size_t)length);
      if (result < 0) break;
    }
    SC(close, fds);
    if (result == 0 && length < 0) result = length;
  }
  if (is_our_own(result)) return result;
  // That there is nothing in it is told to whoever may not open it, and of one that has become a zombie.
  if (result < 0 && is_empty(scan, folder)) tables->seen++;
  else if (has_gone(result)) tables->vanished++;
  else if (result < 0) tables->refused[-result]++;
  else tables->seen++;
  return 0;
}
