// sameStill(procFd, pids, folders, inodes, asked): which processes of a scan are as they were, so far as it is asked.
// A folder /proc/PID has an inode number that the kernel gives to no other before it has given all 2^32: while it is the same,
// the process is. It is looked at last, so that the links before were of that very process. Where memory is short the kernel
// forgets the number, and a process is taken to have changed: that is to be looked at closely anyway.
// Source: fs/proc/base.c proc_pid_make_inode and pid_revalidate, fs/inode.c get_next_ino; measured.
#include <asm/stat.h>
#include <linux/fcntl.h>

#include "addon.h"
#include "arguments.h"
#include "each.h"
#include "link-path.h"

struct question {
  int32_t pid;
  uint16_t asked;  // the links, by 1 << LINK
  double folder;
  double inode[LINKS];
};

struct questions {
  int proc;
  size_t count, bytes;
  uint8_t *same;
  struct question all[];
};

static bool leads_to(int proc, const struct question *of, int link) {
  char path[LINK_PATH_ROOM], text[64];
  link_path(path, of->pid, link);
  long length = SC(readlinkat, proc, path, text, sizeof text);
  return length > 0 && (double)inode_of(text, (size_t)length) == of->inode[link];
}

static void look_again(void *all, size_t nth) {
  struct questions *questions = all;
  const struct question *of = questions->all + nth;
  char room[DECIMAL_ROOM];
  struct stat status;
  for (int link = 0; link < LINKS; link++) {
    if ((of->asked & 1u << link) && !leads_to(questions->proc, of, link)) return;
  }
  long result = SC(newfstatat, questions->proc, decimal(room, (uint32_t)of->pid), &status, 0);
  questions->same[nth] = result == 0 && (double)status.st_ino == of->folder;
}

static napi_value answers(napi_env env, void *all) {
  struct questions *questions = all;
  void *memory;
  napi_value buffer, array;
  if (napi_create_arraybuffer(env, questions->count, &memory, &buffer) != napi_ok ||
      napi_create_typedarray(env, napi_uint8_array, questions->count, buffer, 0, &array) != napi_ok) {
    return NULL;
  }
  memcpy(memory, questions->same, questions->count);
  return array;
}

static void end_questions(void *all) {
  struct questions *questions = all;
  SC(close, questions->proc);
  unmap_pages(questions, questions->bytes);
}

napi_value same_still(napi_env env, napi_callback_info info) {
  napi_value argv[5];
  int32_t proc_fd;
  struct elements pids, folders, inodes, asked;
  if (!arguments(env, info, 5, argv) || !int32_argument(env, argv[0], "procFd", &proc_fd) ||
      !elements_argument(env, argv[1], "pids", napi_int32_array, 0, &pids) ||
      !elements_argument(env, argv[2], "folders", napi_float64_array, 0, &folders) ||
      !elements_argument(env, argv[3], "inodes", napi_float64_array, 0, &inodes) ||
      !elements_argument(env, argv[4], "asked", napi_uint16_array, 0, &asked)) {
    return NULL;
  }
  size_t count = pids.count;
  if (folders.count != count || asked.count != count) return out_of_range(env, "folders", "and asked are as long as pids");
  if (inodes.count != count * LINKS) return out_of_range(env, "inodes", "has one for each link of each process");
  long proc = open_proc(proc_fd);
  if (proc < 0) return resolved(env, proc);
  size_t bytes = sizeof(struct questions) + count * (sizeof(struct question) + sizeof(uint8_t));
  struct questions *all = map_pages(bytes);
  if (all == NULL) {
    SC(close, proc);
    return resolved(env, -ENOMEM);
  }
  all->proc = (int)proc;
  all->count = count;
  all->bytes = bytes;
  all->same = (uint8_t *)(all->all + count);
  // The arrays are JavaScript's, which runs on meanwhile.
  for (size_t nth = 0; nth < count; nth++) {
    struct question *to = all->all + nth;
    to->pid = ((const int32_t *)pids.at)[nth];
    to->asked = ((const uint16_t *)asked.at)[nth];
    to->folder = ((const double *)folders.at)[nth];
    memcpy(to->inode, (const double *)inodes.at + nth * LINKS, sizeof to->inode);
  }
  return do_each(env, &(struct each){look_again, answers, end_questions, all, count});
}
