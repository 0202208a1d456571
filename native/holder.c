/*
 * The program's beginning, and its modes:
 *   holder actor            the dispatcher: requests on descriptor 0, answers on 1
 *   holder actor one-cpu    the same, kept on one CPU with its parent (holder-cpu.c)
 *   holder resume SLOT FD   a holder after EXEC
 *   holder try N            what the kernel answers to each call of a table, as text on 1 (holder-try.c)
 * It prints nothing else. Exit codes: 0 all is well, 1 it could not begin or end, 2 its input makes no sense, 64 unknown words.
 */
#include "holder-text.h"
#include "holder-try.h"
#include "holder.h"
#include "start.h"
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include <linux/prctl.h>
#include <linux/resource.h>

#define EXIT_USAGE 64
/* Far above what a holder opens; lower where RLIMIT_NOFILE asks for it. */
#define PARKED_FROM 1000
/* MFD_NOEXEC_SEAL, which older headers lack. */
#define NOEXEC_SEAL 8
#define PROT_BOTH (PROT_READ | PROT_WRITE)
#define AF_UNIX 1
#define SOCK_DGRAM 2
#define SOL_SOCKET 1
#define SO_PASSCRED 16

char **environment;

static long open_file_limit(void) {
  struct rlimit64 {
    uint64_t soft, hard;
  } limit;
  if (SC(prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) < 0) return 1024;
  return limit.soft > 1 << 20 ? 1 << 20 : (long)limit.soft;
}

static void close_range(unsigned first, unsigned last) {
  /* Before Linux 5.9 there is no such call. */
  if (SC(close_range, first, last, 0) != -ENOSYS) return;
  unsigned limit = (unsigned)open_file_limit();
  for (unsigned fd = first; fd <= last && fd < limit; fd++) SC(close, fd);
}

void close_all_but_parked(const struct region *region) {
  close_range(0, (unsigned)region->parked - 1);
  close_range((unsigned)region->parked + PARKED_COUNT, ~0U);
}

static struct region *map_region(int fd) {
  long address = SC(mmap, NULL, sizeof(struct region), PROT_BOTH, MAP_SHARED, fd, 0);
  if (address < 0 && address > -4096) leave(EXIT_SETUP);
  return (struct region *)address;
}

/* Moves a descriptor to its parked number. */
static void park(const struct region *region, enum parked which, long fd) {
  if (fd < 0) return;
  if (SC(dup3, fd, region->parked + which, O_CLOEXEC) < 0) leave(EXIT_SETUP);
  SC(close, fd);
}

/* Memory that no file system shows. Where programs in such files are not wanted, the kernel asks to be told: Linux 6.3. */
static long open_memory(void) {
  long memory = SC(memfd_create, "nsatlas-holders", MFD_CLOEXEC | NOEXEC_SEAL);
  return memory == -EINVAL ? SC(memfd_create, "nsatlas-holders", MFD_CLOEXEC) : memory;
}

static _Noreturn void act(int one_cpu) {
  close_range(3, ~0U);
  if (one_cpu) share_one_cpu();
  long memory = open_memory();
  if (memory < 0 || SC(ftruncate, memory, sizeof(struct region)) < 0) leave(EXIT_SETUP);
  struct region *region = map_region((int)memory);
  long limit = open_file_limit();
  region->parked = limit < PARKED_FROM + PARKED_COUNT ? (int32_t)limit - PARKED_COUNT : PARKED_FROM;

  int sockets[2];
  const int on = 1;
  if (SC(socketpair, AF_UNIX, SOCK_DGRAM | O_CLOEXEC, 0, sockets) < 0) leave(EXIT_SETUP);
  if (SC(setsockopt, sockets[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) < 0) leave(EXIT_SETUP);
  park(region, PARKED_SOCKET, sockets[1]);
  park(region, PARKED_REGION, memory);
  /* Without /proc there is none, and EXEC says EBADF. */
  park(region, PARKED_PROGRAM, SC(openat, AT_FDCWD, "/proc/self/exe", O_PATH | O_CLOEXEC));
  open_proc();

  /* Were SIGCHLD ignored, children would vanish before anyone saw them as zombies. */
  const struct sigaction normal = {.sa_handler = SIG_DFL};
  SC(rt_sigaction, SIGCHLD, &normal, NULL, sizeof(sigset_t));
  SC(prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  store(&region->keeper, (uint32_t)SC(gettid) | FUTEX_WAITERS);
  make_robust(&region->keeper_robust, &region->keeper);
  start_guard(region);
  dispatch(region, sockets[0]);
}

/* `holder resume SLOT FD`: what EXEC starts. FD is the first parked one; the holder goes on serving its slot. */
static _Noreturn void resume(int slot, int parked) {
  set_parked_flag(parked, FD_CLOEXEC);
  if (slot >= SLOTS) leave(EXIT_USAGE);
  struct region *region = map_region(parked + PARKED_REGION);
  region->slots[slot].ret = 0;
  serve(region, &region->slots[slot], 0);
}

static int is_word(const char *text, const char *word) {
  return strlen(text) == strlen(word) && memcmp(text, word, strlen(word)) == 0;
}

void begin_program(const long *stack) {
  long count = stack[0];
  const char *const *words = (const char *const *)(stack + 1);
  environment = (char **)(stack + 1 + count + 1);
  if (count == 2 && is_word(words[1], "actor")) act(0);
  if (count == 3 && is_word(words[1], "actor") && is_word(words[2], "one-cpu")) act(1);
  if (count == 3 && is_word(words[1], "try")) try_all(number_of(words[2]));
  if (count == 4 && is_word(words[1], "resume")) resume(number_of(words[2]), number_of(words[3]));
  leave(EXIT_USAGE);
}
