#include <asm/stat.h>
#include <linux/fcntl.h>

#include "scan.h"

// include/linux/sched.h; src/abi/constants.ts has the same.
#define PF_KTHREAD 0x00200000

const char *const LINK_NAMES[LINKS] = {
    [CGROUP] = "cgroup",
    [IPC] = "ipc",
    [MNT] = "mnt",
    [NET] = "net",
    [PID] = "pid",
    [PID_FOR_CHILDREN] = "pid_for_children",
    [TIME] = "time",
    [TIME_FOR_CHILDREN] = "time_for_children",
    [USER] = "user",
    [UTS] = "uts",
};

// A process may have a command line of megabytes, and anyone may start many: more is cut off.
#define TEXT_LIMIT (64 * 1024)
// The smallest that a CPU has.
#define PAGE_BYTES 4096
// For all processes together; what would go beyond is E2BIG.
#define ALL_TEXT_LIMIT (256 * 1024 * 1024)

bool has_gone(long error) { return error == -ENOENT || error == -ESRCH; }

// The first `room` bytes of a file: how many there were, or -errno.
long read_file(int folder, const char *name, void *into, size_t room) {
  long fd = SC(openat, folder, name, O_RDONLY | O_CLOEXEC), length;
  if (fd < 0) return fd;
  size_t used = 0;
  // /proc gives some files a page at a time; what is no whole page is the last of it.
  while ((length = SC(read, fd, (char *)into + used, room - used)) > 0) {
    used += (size_t)length;
    if (used % PAGE_BYTES) break;
  }
  SC(close, fd);
  return length < 0 ? length : (long)used;
}

long read_stat(struct scan *scan, int folder, struct stat_line *into) {
  long length = read_file(folder, "stat", scan->line, sizeof scan->line);
  if (length < 0) return length;
  return parse_stat_line(scan->line, (size_t)length, into) ? 0 : -EPROTO;
}

// Appends a file's bytes to `all`. A refusal is noted in `text` and is none of the row's; what is returned is.
static long read_text(int folder, const char *name, struct growing *all, struct text *text) {
  *text = (struct text){.start = all->used};
  if (all->used > ALL_TEXT_LIMIT) {
    text->error = E2BIG;
    return 0;
  }
  if (!make_room(all, TEXT_LIMIT)) return -ENOMEM;
  long length = read_file(folder, name, all->at + all->used, TEXT_LIMIT);
  if (has_gone(length) || is_our_own(length)) return length;
  if (length < 0) {
    text->error = (uint16_t)-length;
  } else {
    text->length = (uint32_t)length;
    all->used += (size_t)length;
  }
  return 0;
}

uint64_t inode_of(const char *text, size_t length) {
  uint64_t inode = 0;
  size_t at = 0;
  while (at < length && text[at] != '[') at++;
  for (at++; at < length && text[at] >= '0' && text[at] <= '9'; at++) inode = inode * 10 + (uint64_t)(text[at] - '0');
  return at + 1 == length && text[at] == ']' ? inode : 0;
}

long read_link(struct scan *scan, int folder, int link, struct links *row) {
  long result;
  if (scan->wish & EVERY_DEVICE) {
    struct stat status;
    result = SC(newfstatat, folder, LINK_NAMES[link], &status, 0);
    if (result == 0) {
      row->inode[link] = status.st_ino;
      row->device[link] = status.st_dev;
    }
  } else {
    result = SC(readlinkat, folder, LINK_NAMES[link], scan->line, sizeof scan->line);
    if (result > 0 && (row->inode[link] = inode_of(scan->line, (size_t)result)) == 0) result = -EPROTO;
  }
  row->error[link] = result < 0 ? (uint16_t)-result : 0;
  return result;
}

long read_all_links(struct scan *scan, int folder, struct links *into) {
  for (int link = 0; link < LINKS; link++) {
    if (link != MNT) read_link(scan, folder, link, into);
  }
  return read_link(scan, folder, MNT, into);
}

// A process gives up its namespaces all at once when it ends (exit_task_namespaces). So the link to its mount
// namespace, which every kernel has, is read last: if that is there, the process had its namespaces all along, and a
// link that is missing is one this kernel does not have. Else it is a zombie by now, or gone: its stat file says which.
static long read_links(struct scan *scan, int folder, struct row *row) {
  long links = SC(openat, folder, "ns", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (has_gone(links) || is_our_own(links)) return links;
  if (links < 0) {
    for (int link = 0; link < LINKS; link++) row->links.error[link] = (uint16_t)-links;
    return 0;
  }
  long witness = read_all_links(scan, (int)links, &row->links);
  SC(close, links);
  bool all_gone = true;
  for (int link = 0; link < LINKS; link++) {
    if (link != MNT) all_gone &= has_gone(-(long)row->links.error[link]);
  }
  bool known_zombie = row->stat.state == 'Z' && !all_gone;
  return has_gone(witness) && !known_zombie ? read_stat(scan, folder, &row->stat) : 0;
}

// Whether no process before is in one of its namespaces. Where it is not told what that is, none may be.
static long is_first(struct scan *scan, const struct links *links, bool *first) {
  for (int link = 0; link < LINKS; link++) {
    if (link == PID_FOR_CHILDREN || link == TIME_FOR_CHILDREN || links->inode[link] == 0) continue;
    if (!add_inode(&scan->met, links->inode[link], first)) return -ENOMEM;
  }
  return 0;
}

// With FIRST_COMMAND_LINES of those alone that may stand for a namespace: of a process that another thread of ours has read
// it does not know, so that some are read that nobody will ask for. It costs a sixth of all that is read of a process.
static long read_command(struct scan *scan, int folder, struct row *row) {
  row->command.start = scan->commands.used;
  // A kernel thread has no memory to have arguments in.
  bool wanted = scan->wish & (COMMAND_LINES | EVERY_DEVICE);
  long result = wanted ? 0 : is_first(scan, &row->links, &wanted);
  if (result < 0 || (row->stat.flags & PF_KTHREAD)) return result;
  if (wanted) return read_text(folder, "cmdline", &scan->commands, &row->command);
  row->command.error = ECANCELED;
  return 0;
}

static long read_row(struct scan *scan, int folder, struct row *row) {
  struct stat status;
  long result = read_stat(scan, folder, &row->stat);
  if (result == 0) result = SC(fstat, folder, &status);
  if (result == 0 && (scan->wish & CGROUPS)) {
    result = read_text(folder, "cgroup", &scan->cgroups, &row->cgroup);
  }
  if (result == 0) result = read_links(scan, folder, row);
  if (result == 0 && (scan->wish & (COMMAND_LINES | FIRST_COMMAND_LINES))) result = read_command(scan, folder, row);
  if (result == 0) {
    row->uid = status.st_uid;
    row->folder = status.st_ino;
  }
  return result;
}

// What hangs from a process, once it is sure to have a row.
static long read_hanging(struct scan *scan, int folder, const struct row *row) {
  uint32_t index = (uint32_t)(scan->rows.used / sizeof *row);
  bool likely_empty = (row->stat.flags & PF_KTHREAD) || row->stat.state == 'Z';
  long result = scan->tables.wanted ? read_table(scan, folder, index, 0, likely_empty) : 0;
  return result == 0 ? read_threads(scan, folder, row, index) : result;
}

// Through a descriptor of the process's folder: it stays with this process even if another gets the pid meanwhile, and
// walking from there is cheaper than walking from /proc each time (22 us a process against 24, Linux 6.18).
long read_process(struct scan *scan, const char *name, int32_t pid) {
  long folder = SC(openat, scan->proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return folder;
  if (!make_room(&scan->rows, sizeof(struct row))) {
    SC(close, folder);
    return -ENOMEM;
  }
  struct row *row = (struct row *)(scan->rows.at + scan->rows.used);
  memset(row, 0, sizeof *row);
  row->pid = pid;
  size_t commands = scan->commands.used, cgroups = scan->cgroups.used;
  long result = read_row(scan, (int)folder, row);
  if (result == 0) result = read_hanging(scan, (int)folder, row);
  SC(close, folder);
  if (result == 0) {
    scan->rows.used += sizeof *row;
  } else {
    scan->commands.used = commands;
    scan->cgroups.used = cgroups;
  }
  return result;
}
