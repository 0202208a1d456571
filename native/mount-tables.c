// mountTables(procFd, pids): what processes see mounted that have their mount namespace's root, read off the event loop. Most
// mount namespaces are copies, in which nothing but the two numbers of each mount is another's: so the numbers are told apart
// from the rest of the lines, and the same rest is given once.
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/ioctl.h>

#include "addon.h"
#include "arguments.h"
#include "block.h"
#include "each.h"
#include "link-path.h"

struct mnt_ns_info {
  uint32_t size, count;
  uint64_t id;
};
#define NS_MNT_GET_INFO _IOR(0xb7, 10, struct mnt_ns_info)

// Bytes that are read at a time at least; the kernel gives up to a page.
#define PIECE (8 * 1024)
// More than any machine has; what would go beyond is E2BIG.
#define TABLE_LIMIT (64 * 1024 * 1024)

struct table {
  int32_t pid;
  uint16_t error;   // 0: it was read, and is that of the namespace
  int32_t count;    // of mounts in the namespace, as the kernel says, or -errno
  uint64_t device, inode;
  struct growing text;     // the lines without their numbers
  struct growing numbers;  // int32_t: each mount's, and its parent's
  uint32_t rest;           // which of the different texts it has
};

// What most tables fit into: a mapping for each would have to be taken back from all CPUs that run us.
#define TEXT_ROOM (32 * 1024)
#define NUMBERS_ROOM (4 * 1024)
// So many get it; others have to find their own.
#define MOST_ROOMS 1024

struct tables {
  int proc;
  size_t count, bytes;
  struct growing different;  // uint32_t: the first table with each text
  struct table all[];
};

static bool has_own_root(int proc, const char *pid) {
  char path[LINK_PATH_ROOM], text[2];
  append_text(append_text(path, pid), "/root");
  return SC(readlinkat, proc, path, text, sizeof text) == 1 && text[0] == '/';
}

// The whole file, which the kernel gives piece by piece.
static long read_whole(int proc, const char *pid, struct growing *into) {
  char path[LINK_PATH_ROOM];
  append_text(append_text(path, pid), "/mountinfo");
  long fd = SC(openat, proc, path, O_RDONLY | O_CLOEXEC), length;
  if (fd < 0) return fd;
  do {
    if (into->used > TABLE_LIMIT) length = -E2BIG;
    else if (!make_room(into, PIECE)) length = -ENOMEM;
    else length = SC(read, fd, into->at + into->used, into->room - into->used);
    if (length > 0) into->used += (size_t)length;
  } while (length > 0);
  SC(close, fd);
  return length;
}

// `4711 `; 0: it is none. They begin at 1.
static int32_t number_before_blank(const unsigned char **at, const unsigned char *end) {
  int64_t number = 0;
  for (; *at < end && **at >= '0' && **at <= '9' && number <= INT32_MAX; (*at)++) number = number * 10 + (**at - '0');
  if (*at == end || **at != ' ' || number > INT32_MAX) return 0;
  (*at)++;
  return (int32_t)number;
}

static long take_numbers(struct table *table) {
  const unsigned char *at = table->text.at, *end = at + table->text.used;
  unsigned char *to = table->text.at;
  while (at < end) {
    int32_t numbers[2] = {number_before_blank(&at, end)};
    if (numbers[0] != 0) numbers[1] = number_before_blank(&at, end);
    if (numbers[1] == 0) return -EBADMSG;
    if (!make_room(&table->numbers, sizeof numbers)) return -ENOMEM;
    memcpy(table->numbers.at + table->numbers.used, numbers, sizeof numbers);
    table->numbers.used += sizeof numbers;
    while (at < end && *at != '\n') *to++ = *at++;
    if (at == end) return -EBADMSG;
    *to++ = *at++;
  }
  table->text.used = (size_t)(to - table->text.at);
  return table->text.used > 0 ? 0 : -ENODATA;
}

static long look(int proc, struct table *table) {
  char path[LINK_PATH_ROOM], room[DECIMAL_ROOM];
  const char *pid = decimal(room, (uint32_t)table->pid);
  struct stat status;
  struct mnt_ns_info info = {.size = sizeof info};
  link_path(path, table->pid, MNT);
  // Kept open, so that its number is nobody else's meanwhile.
  long fd = SC(openat, proc, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fd;
  long result = SC(fstat, fd, &status);
  table->device = status.st_dev;
  table->inode = status.st_ino;
  if (result == 0) {
    long told = SC(ioctl, fd, NS_MNT_GET_INFO, &info);
    table->count = told < 0 ? (int32_t)told : (int32_t)info.count;
    result = has_own_root(proc, pid) ? read_whole(proc, pid, &table->text) : -ENODATA;
  }
  // The process may have ended meanwhile, and its number be another's: then this was another's table.
  struct stat now;
  if (result == 0) result = SC(newfstatat, proc, path, &now, 0);
  if (result == 0 && (now.st_dev != status.st_dev || now.st_ino != status.st_ino)) result = -ESRCH;
  SC(close, fd);
  return result;
}

static void read_one(void *all, size_t nth) {
  struct tables *tables = all;
  struct table *table = tables->all + nth;
  long result = look(tables->proc, table);
  if (result == 0) result = take_numbers(table);
  if (result == 0) return;
  table->error = (uint16_t)-result;
  give_back(&table->text);
  give_back(&table->numbers);
}

static const struct table *first_with(const struct tables *tables, size_t rest) {
  return tables->all + ((const uint32_t *)tables->different.at)[rest];
}

// Which of the texts before it is, the last one first: those that are alike lie together. Some few are looked at.
#define LOOKED_AT 4
static bool find_rest(struct tables *tables, size_t nth) {
  struct table *table = tables->all + nth;
  size_t count = tables->different.used / sizeof(uint32_t);
  for (size_t rest = count; rest > 0 && rest + LOOKED_AT > count; rest--) {
    const struct table *other = first_with(tables, rest - 1);
    if (other->text.used != table->text.used || memcmp(other->text.at, table->text.at, table->text.used) != 0) continue;
    table->rest = (uint32_t)(rest - 1);
    return true;
  }
  uint32_t own = (uint32_t)nth;
  if (!make_room(&tables->different, sizeof own)) return false;
  memcpy(tables->different.at + tables->different.used, &own, sizeof own);
  tables->different.used += sizeof own;
  table->rest = (uint32_t)count;
  return true;
}

struct columns {
  double *device, *inode;
  int32_t *count, *number;
  uint32_t *rest, *line, *offset;
  uint16_t *error;
  uint8_t *bytes;
};

static void lay_out(struct block *block, const struct tables *tables, struct columns *into) {
  size_t count = tables->count, different = tables->different.used / sizeof(uint32_t), numbers = 0, bytes = 0;
  for (size_t nth = 0; nth < count; nth++) numbers += tables->all[nth].numbers.used / sizeof(int32_t);
  for (size_t rest = 0; rest < different; rest++) bytes += first_with(tables, rest)->text.used;
  block->used = 0;
  into->device = DOUBLES("device", count);
  into->inode = DOUBLES("inode", count);
  into->count = INT32S("mountCount", count);
  into->number = INT32S("numbers", numbers);
  into->rest = UINT32S("rest", count);
  into->line = UINT32S("lineOffset", count + 1);
  into->offset = UINT32S("restOffset", different + 1);
  into->error = UINT16S("errno", count);
  into->bytes = UINT8S("restBytes", bytes);
}

static void fill(const struct columns *to, const struct tables *tables) {
  size_t numbers = 0, bytes = 0;
  for (size_t nth = 0; nth < tables->count; nth++) {
    const struct table *table = tables->all + nth;
    to->device[nth] = (double)table->device;
    to->inode[nth] = (double)table->inode;
    to->count[nth] = table->count;
    to->rest[nth] = table->rest;
    to->error[nth] = table->error;
    memcpy(to->number + numbers, table->numbers.at, table->numbers.used);
    numbers += table->numbers.used / sizeof(int32_t);
    to->line[nth + 1] = (uint32_t)(numbers / 2);
  }
  for (size_t rest = 0; rest < tables->different.used / sizeof(uint32_t); rest++) {
    const struct table *table = first_with(tables, rest);
    memcpy(to->bytes + bytes, table->text.at, table->text.used);
    to->offset[rest + 1] = (uint32_t)(bytes += table->text.used);
  }
}

static napi_value columns_of_tables(napi_env env, void *all) {
  struct tables *tables = all;
  struct columns columns = {0};
  struct block block = {.env = env};
  for (size_t nth = 0; nth < tables->count; nth++) {
    if (tables->all[nth].error == 0 && !find_rest(tables, nth)) return NULL;
  }
  lay_out(&block, tables, &columns);
  if (!begin_creating(&block)) return NULL;
  lay_out(&block, tables, &columns);
  if (block.failed) return NULL;
  fill(&columns, tables);
  return block.result;
}

static void end_tables(void *all) {
  struct tables *tables = all;
  for (size_t nth = 0; nth < tables->count; nth++) {
    give_back(&tables->all[nth].text);
    give_back(&tables->all[nth].numbers);
  }
  give_back(&tables->different);
  SC(close, tables->proc);
  unmap_pages(tables, tables->bytes);
}

napi_value mount_tables(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  int32_t proc_fd;
  struct elements pids;
  if (!arguments(env, info, 2, argv) || !int32_argument(env, argv[0], "procFd", &proc_fd) ||
      !elements_argument(env, argv[1], "pids", napi_int32_array, 0, &pids)) {
    return NULL;
  }
  long proc = open_proc(proc_fd);
  if (proc < 0) return resolved(env, proc);
  size_t rooms = pids.count < MOST_ROOMS ? pids.count : MOST_ROOMS;
  size_t bytes = sizeof(struct tables) + pids.count * sizeof(struct table) + rooms * (TEXT_ROOM + NUMBERS_ROOM);
  struct tables *tables = map_pages(bytes);
  if (tables == NULL) {
    SC(close, proc);
    return resolved(env, -ENOMEM);
  }
  tables->proc = (int)proc;
  tables->count = pids.count;
  tables->bytes = bytes;
  // The array is JavaScript's, which runs on meanwhile.
  for (size_t nth = 0; nth < pids.count; nth++) tables->all[nth].pid = ((const int32_t *)pids.at)[nth];
  unsigned char *room = (unsigned char *)(tables->all + pids.count);
  for (size_t nth = 0; nth < rooms; nth++, room += TEXT_ROOM + NUMBERS_ROOM) {
    tables->all[nth].text = (struct growing){.at = room, .room = TEXT_ROOM, .lent = true};
    tables->all[nth].numbers = (struct growing){.at = room + TEXT_ROOM, .room = NUMBERS_ROOM, .lent = true};
  }
  return do_each(env, &(struct each){read_one, columns_of_tables, end_tables, tables, tables->count});
}
