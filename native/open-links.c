// openLinks(procFd, pids, links): opens many links of processes, and asks each namespace what discovery wants to know of it, so
// that this takes no more than the kernel's own time. What an answer means, and that it is asked, is as in src/kernel/ns-file.ts.
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/ioctl.h>

#include "addon.h"
#include "arguments.h"
#include "block.h"
#include "each.h"
#include "link-path.h"
#include "netnsid.h"

#define NS_GET_USERNS _IO(0xb7, 0x1)
#define NS_GET_PARENT _IO(0xb7, 0x2)
#define NS_GET_OWNER_UID _IO(0xb7, 0x4)
#define NS_GET_ID _IOR(0xb7, 13, uint64_t)

struct file {
  uint64_t device, inode;
};

// What one link opened; an `error` is an errno, and 0 where the answer is there.
struct opened {
  int32_t fd;  // or -errno, and then the rest says nothing
  uint16_t owner_error, parent_error, uid_error, id_error, netnsid_error;
  uint32_t uid;
  int32_t netnsid;
  uint64_t id;
  double changed;  // milliseconds after 1970
  struct file file, owner, parent;
};

struct links_to_open {
  int proc;
  size_t count;
  int32_t *pids;
  uint8_t *links;
  struct opened *opened;
  size_t bytes;
  bool given;  // the descriptors are JavaScript's by now
};

static uint16_t errno_of(long result) { return result < 0 ? (uint16_t)-result : 0; }

// The namespace that a request opens, by its file alone.
static uint16_t look_through(long fd, unsigned long request, struct file *into) {
  struct stat status;
  long there = SC(ioctl, fd, request, 0);
  if (there < 0) return errno_of(there);
  long result = SC(fstat, there, &status);
  SC(close, there);
  if (result < 0) return errno_of(result);
  *into = (struct file){status.st_dev, status.st_ino};
  return 0;
}

static void ask(struct opened *into, int link) {
  long fd = into->fd;
  into->owner_error = look_through(fd, NS_GET_USERNS, &into->owner);
  into->id_error = errno_of(SC(ioctl, fd, NS_GET_ID, &into->id));
  bool is_pid = link == PID || link == PID_FOR_CHILDREN;
  into->parent_error = is_pid ? look_through(fd, NS_GET_PARENT, &into->parent) : EINVAL;
  into->uid_error = link == USER ? errno_of(SC(ioctl, fd, NS_GET_OWNER_UID, &into->uid)) : EINVAL;
  into->netnsid_error = link == NET ? errno_of(netnsid_of((int32_t)fd, &into->netnsid)) : EINVAL;
}

static void open_link(void *all, size_t nth) {
  struct links_to_open *links = all;
  struct opened *into = links->opened + nth;
  char path[LINK_PATH_ROOM];
  struct stat status;
  link_path(path, links->pids[nth], links->links[nth]);
  into->fd = (int32_t)SC(openat, links->proc, path, O_RDONLY | O_CLOEXEC);
  if (into->fd < 0) return;
  long result = SC(fstat, into->fd, &status);
  if (result < 0) {
    SC(close, into->fd);
    into->fd = (int32_t)result;
    return;
  }
  into->file = (struct file){status.st_dev, status.st_ino};
  into->changed = (double)status.st_ctime * 1000 + (double)status.st_ctime_nsec / 1e6;
  ask(into, links->links[nth]);
}

struct columns {
  uint64_t *id;
  double *device, *inode, *owner_device, *owner_inode, *parent_device, *parent_inode, *changed;
  int32_t *fd, *netnsid;
  uint32_t *uid;
  uint16_t *owner_error, *parent_error, *uid_error, *id_error, *netnsid_error;
};

// Widest elements first, so that every column is aligned.
static void lay_out(struct block *block, size_t count, struct columns *into) {
  block->used = 0;
  into->id = BIGUINT64S("uniqueId", count);
  into->device = DOUBLES("device", count);
  into->inode = DOUBLES("inode", count);
  into->owner_device = DOUBLES("ownerDevice", count);
  into->owner_inode = DOUBLES("ownerInode", count);
  into->parent_device = DOUBLES("parentDevice", count);
  into->parent_inode = DOUBLES("parentInode", count);
  into->changed = DOUBLES("changed", count);
  into->fd = INT32S("fd", count);
  into->netnsid = INT32S("netnsid", count);
  into->uid = UINT32S("ownerUid", count);
  into->owner_error = UINT16S("ownerErrno", count);
  into->parent_error = UINT16S("parentErrno", count);
  into->uid_error = UINT16S("ownerUidErrno", count);
  into->id_error = UINT16S("uniqueIdErrno", count);
  into->netnsid_error = UINT16S("netnsidErrno", count);
}

static void fill(const struct columns *to, const struct opened *from, size_t at) {
  to->id[at] = from->id;
  to->device[at] = (double)from->file.device;
  to->inode[at] = (double)from->file.inode;
  to->owner_device[at] = (double)from->owner.device;
  to->owner_inode[at] = (double)from->owner.inode;
  to->parent_device[at] = (double)from->parent.device;
  to->parent_inode[at] = (double)from->parent.inode;
  to->changed[at] = from->changed;
  to->fd[at] = from->fd;
  to->netnsid[at] = from->netnsid;
  to->uid[at] = from->uid;
  to->owner_error[at] = from->owner_error;
  to->parent_error[at] = from->parent_error;
  to->uid_error[at] = from->uid_error;
  to->id_error[at] = from->id_error;
  to->netnsid_error[at] = from->netnsid_error;
}

static napi_value columns_of_links(napi_env env, void *all) {
  struct links_to_open *links = all;
  struct columns columns = {0};
  struct block block = {.env = env};
  lay_out(&block, links->count, &columns);
  if (!begin_creating(&block)) return NULL;
  lay_out(&block, links->count, &columns);
  if (block.failed) return NULL;
  for (size_t nth = 0; nth < links->count; nth++) fill(&columns, links->opened + nth, nth);
  links->given = true;
  return block.result;
}

static void end_links(void *all) {
  struct links_to_open *links = all;
  for (size_t nth = 0; !links->given && nth < links->count; nth++) {
    // 0 is none that we opened, but a slot that nobody came to.
    if (links->opened[nth].fd > 0) SC(close, links->opened[nth].fd);
  }
  SC(close, links->proc);
  unmap_pages(links, links->bytes);
}

napi_value open_links(napi_env env, napi_callback_info info) {
  napi_value argv[3];
  int32_t proc_fd;
  struct elements pids, links;
  if (!arguments(env, info, 3, argv) || !int32_argument(env, argv[0], "procFd", &proc_fd) ||
      !elements_argument(env, argv[1], "pids", napi_int32_array, 0, &pids) ||
      !elements_argument(env, argv[2], "links", napi_uint8_array, 0, &links)) {
    return NULL;
  }
  if (pids.count != links.count) return out_of_range(env, "links", "is not as long as pids");
  for (size_t nth = 0; nth < links.count; nth++) {
    if (((const uint8_t *)links.at)[nth] >= LINKS) return out_of_range(env, "links", "has a number of no link");
  }
  long proc = open_proc(proc_fd);
  if (proc < 0) return resolved(env, proc);
  size_t count = pids.count;
  size_t bytes = sizeof(struct links_to_open) + count * (sizeof(struct opened) + sizeof(int32_t) + sizeof(uint8_t));
  struct links_to_open *all = map_pages(bytes);
  if (all == NULL) {
    SC(close, proc);
    return resolved(env, -ENOMEM);
  }
  *all = (struct links_to_open){.proc = (int)proc, .count = count, .bytes = bytes, .opened = (struct opened *)(all + 1)};
  all->pids = (int32_t *)(all->opened + count);
  all->links = (uint8_t *)(all->pids + count);
  // The arrays are JavaScript's, which runs on meanwhile.
  memcpy(all->pids, pids.at, count * sizeof *all->pids);
  memcpy(all->links, links.at, count * sizeof *all->links);
  return do_each(env, &(struct each){open_link, columns_of_links, end_links, all, count});
}
