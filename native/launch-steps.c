/* The steps that are a call or two. */
#include "launch.h"
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/sched.h>

static long open_folder(struct launch *self, const struct step *step) {
  if (step->arg[0] < 0 || step->arg[0] >= REGISTERS) return -EINVAL;
  /* A name and no more: opening runs no driver's code, and does not wait. */
  long fd = SC(openat, AT_FDCWD, text_at(self, step->arg[1]), O_PATH | O_CLOEXEC);
  if (fd >= 0) self->registers[step->arg[0]] = (int32_t)fd;
  return fd;
}

/* In one piece: files of /proc take no other. */
static long write_file(const struct launch *self, const struct step *step) {
  int folder = step->arg[0] == AT_FDCWD ? AT_FDCWD : descriptor(self, step->arg[0]);
  long bytes = step->arg[3];
  const void *data = bytes_at(self, step->arg[2], (uint64_t)bytes);
  if (step->arg[1] == 0) {
    long written = SC(write, folder, data, bytes);
    return written >= 0 && written != bytes ? -EIO : written;
  }
  long fd = SC(openat, folder, text_at(self, step->arg[1]), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return fd == -ENOENT && step->arg[4] ? 0 : fd;
  long written = SC(write, fd, data, bytes);
  SC(close, fd);
  return written >= 0 && written != bytes ? -EIO : written;
}

static long mount(const struct launch *self, const struct step *step) {
  const char *const type = step->arg[2] ? text_at(self, step->arg[2]) : NULL;
  const char *const data = step->arg[4] ? text_at(self, step->arg[4]) : NULL;
  return SC(mount, text_at(self, step->arg[0]), text_at(self, step->arg[1]), type, step->arg[3], data);
}

/* The kernel forgets the death signal of whoever becomes another user. Source: commit_creds() in kernel/cred.c. */
static long and_still_die(const struct launch *self, long result) {
  return result < 0 ? result : die_with_parent(self);
}

long simple_step(struct launch *self, const struct step *step) {
  const int64_t *arg = step->arg;
  switch (step->op) {
  case OP_KEEP:
    return keep_descriptors(rows_at(self, arg[0], (uint64_t)arg[1], 8), (uint64_t)arg[1]);
  case OP_SIGNALS:
    return set_signals((uint64_t)arg[0], (uint64_t)arg[1]);
  case OP_RLIMIT:
    return set_soft_limit((int)arg[0], arg[1]);
  case OP_PRCTL:
    return SC(prctl, arg[0], arg[1], arg[2], arg[3], arg[4]);
  case OP_SETNS:
    /* Never "of whatever kind it is": the kernel's own check is the guard. */
    if (arg[1] == 0) return -EINVAL;
    /* Whoever is there already shall not trace us, read our memory or reach our descriptors; execve(2) ends it. */
    SC(prctl, PR_SET_DUMPABLE, 0, 0, 0, 0);
    return SC(setns, descriptor(self, arg[0]), arg[1]);
  case OP_UNSHARE:
    return SC(unshare, arg[0]);
  case OP_OPEN:
    return open_folder(self, step);
  case OP_WRITE:
    return write_file(self, step);
  case OP_MAP:
    return map_step(self, step);
  case OP_MOUNT:
    return mount(self, step);
  case OP_CHROOT:
    return SC(chroot, text_at(self, arg[0]));
  case OP_CHDIR:
    return SC(chdir, text_at(self, arg[0]));
  case OP_FCHDIR:
    return SC(fchdir, descriptor(self, arg[0]));
  case OP_SETGROUPS:
    return SC(setgroups, arg[1], rows_at(self, arg[0], (uint64_t)arg[1], sizeof(uint32_t)));
  case OP_SETGID:
    return and_still_die(self, SC(setgid, arg[0]));
  case OP_SETUID:
    return and_still_die(self, SC(setuid, arg[0]));
  case OP_AMBIENT:
    return raise_ambient();
  case OP_HOSTNAME:
    return SC(sethostname, bytes_at(self, arg[0], (uint64_t)arg[1]), arg[1]);
  case OP_DOMAINNAME:
    return SC(setdomainname, bytes_at(self, arg[0], (uint64_t)arg[1]), arg[1]);
  case OP_CLOSE:
    return SC(close, descriptor(self, arg[0]));
  }
  return -ENOSYS;
}
