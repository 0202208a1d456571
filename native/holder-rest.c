/*
 * A holder comes to rest: it gives up its slot and all memory but two pages, keeps the descriptors it was told to keep
 * and no other, and waits at the *gate*, the read end of a pipe. A byte through the gate: it stays for good, whoever
 * made it may go. The end of the gate's other side, without a byte: it ends, for whoever made it has not come to an end.
 * It never executes a program on the way: execve(2) would take it into a time namespace that it only has for children.
 */
#include "holder.h"
#include <asm/signal.h>
#include <linux/close_range.h>
#include <linux/fcntl.h>
#include <linux/mman.h>

/* The least that there are; arm64 kernels have larger ones too. */
#define SMALLEST_PAGE 4096UL
#define AT_PAGESZ 6
/* Above the size of `stay`, so that it lies in one page. */
#define IN_ONE_PAGE 1024

/* Of the data that come with the request; then `pairs` pairs, then the texts, each ended by NUL. */
struct rest_wish {
  uint32_t gate;
  uint32_t pairs;
  /* 0: no command; else its arguments, the first of which is the program's path, and its environment. */
  uint32_t arguments;
  uint32_t environment;
  uint32_t text_bytes;
  uint32_t reserved;
};
/* Descriptor `from` becomes `to`; no `to` is above the gate or any `from`, and each is above the one before. */
struct rest_pair {
  uint32_t from;
  uint32_t to;
  uint32_t flags;
  uint32_t reserved;
};

/* Where the memory of a resting process lies, and what it is to do there. */
struct rest {
  unsigned long page;
  char *area;
  size_t bytes;
  uint32_t *turn;
  uint32_t tid;
  uint32_t gate;
  char **arguments;
  char **environment;
};

/* Keeps what is named in `pairs`, and the gate: everything else is closed, in a table of the caller's own. */
static long keep_pairs(const struct rest_wish *wish, const struct rest_pair *pairs) {
  uint32_t next = 0;
  /* Whoever shares the table keeps it as it is. Since Linux 5.9; before, close what there can be. */
  long result = SC(close_range, wish->gate + 1, ~0U, CLOSE_RANGE_UNSHARE);
  if (result < 0) return result;
  for (uint32_t i = 0; i < wish->pairs; i++) {
    result = SC(dup3, pairs[i].from, pairs[i].to, pairs[i].flags);
    if (result < 0) return result;
    if (pairs[i].to > next) SC(close_range, next, pairs[i].to - 1, 0);
    next = pairs[i].to + 1;
  }
  if (wish->gate > next) SC(close_range, next, wish->gate - 1, 0);
  return 0;
}

/* Up to the end of what a process can have: the largest piece that the kernel takes. */
static inline __attribute__((always_inline)) void unmap_above(unsigned long from, unsigned long page) {
  for (int bits = 56; bits > 32; bits--) {
    unsigned long end = 1UL << bits;
    if (end <= from) return;
    if (SC(munmap, from, end - from) == 0) return;
    if (SC(munmap, from, end - page - from) == 0) return;
  }
}

/* Touches nothing but its own code, which is one page's, and the area: everything else goes. */
static __attribute__((used, noinline, aligned(IN_ONE_PAGE))) _Noreturn void stay(const struct rest *rest) {
  const unsigned long page = rest->page;
  unsigned long code = (unsigned long)&stay & ~(page - 1);
  unsigned long area = (unsigned long)rest->area;
  unsigned long low = code < area ? code + page : area + rest->bytes, high = code < area ? area : code;
  unsigned long first = code < area ? code : area, last = code < area ? area + rest->bytes : code + page;
  /* The last thing done in the slot: from now on it is another's. */
  __atomic_store_n(rest->turn, rest->tid, __ATOMIC_SEQ_CST);
  SC(futex, rest->turn, FUTEX_WAKE, 1);
  SC(munmap, 0, first);
  SC(munmap, low, high - low);
  unmap_above(last, page);

  char byte;
  long got;
  while ((got = SC(read, rest->gate, &byte, 1)) == -EINTR);
  if (got == 1) {
    SC(close, rest->gate);
    if (rest->arguments) {
      SC(execve, rest->arguments[0], rest->arguments, rest->environment);
      for (;;) SC(exit_group, 127);
    }
    for (;;) SC(ppoll, NULL, 0, NULL, NULL, 0);
  }
  for (;;) SC(exit_group, 0);
}

static _Noreturn void stay_on_stack(const struct rest *rest, char *stack_top) {
#if defined(__x86_64__)
  __asm__ volatile("mov %1, %%rsp\n\t"
                   "xor %%ebp, %%ebp\n\t"
                   "call stay" : : "D"(rest), "r"(stack_top) : "memory");
#elif defined(__aarch64__)
  register const struct rest *x0 __asm__("x0") = rest;
  __asm__ volatile("mov sp, %1\n\t"
                   "mov x29, xzr\n\t"
                   "mov x30, xzr\n\t"
                   "bl stay" : : "r"(x0), "r"(stack_top) : "memory");
#endif
  __builtin_unreachable();
}

/* Of the auxiliary vector, which lies behind the environment. */
static unsigned long page_size(void) {
  char **at = environment;
  while (*at) at++;
  for (const unsigned long *pair = (const unsigned long *)(at + 1); pair[0]; pair += 2) {
    if (pair[0] == AT_PAGESZ) return pair[1];
  }
  return SMALLEST_PAGE;
}

/* The texts as execve(2) takes them: a list of addresses, ended by NULL. Gives the text behind the last. */
static char *list_texts(char **list, char *text, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    list[i] = text;
    text += strlen(text) + 1;
  }
  list[count] = NULL;
  return text;
}

/* Returns only where the kernel refused: its errno. Until then the holder is as it was, but for its descriptors. */
long come_to_rest(struct region *region, struct slot *me, uint32_t tid) {
  const struct rest_wish *wish = (const void *)me->data;
  const uint32_t in_bytes = me->request.in_bytes;
  if (in_bytes < sizeof *wish || wish->pairs > in_bytes / sizeof(struct rest_pair)) return -EINVAL;
  const struct rest_pair *pairs = (const void *)(wish + 1);
  const char *texts = (const char *)(pairs + wish->pairs);
  const size_t fixed = sizeof *wish + wish->pairs * sizeof *pairs;
  if (fixed + wish->text_bytes > in_bytes || wish->arguments > in_bytes || wish->environment > in_bytes) return -EINVAL;
  if (wish->text_bytes && texts[wish->text_bytes - 1] != 0) return -EINVAL;
  uint32_t found = 0;
  for (uint32_t i = 0; i < wish->text_bytes; i++) found += texts[i] == 0;
  if (found != wish->arguments + wish->environment) return -EINVAL;
  if (wish->gate >= (uint32_t)region->parked && wish->gate < (uint32_t)region->parked + PARKED_COUNT) return -EINVAL;

  const unsigned long page = page_size();
  const size_t lists = (wish->arguments + wish->environment + 2) * sizeof(char *);
  const size_t behind = wish->arguments ? (lists + wish->text_bytes + page - 1) & ~(page - 1) : 0;
  const size_t bytes = page + behind;
  long area = SC(mmap, NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (area < 0 && area > -4096) return area;
  long kept = keep_pairs(wish, pairs);
  if (kept < 0) {
    SC(munmap, area, bytes);
    return kept;
  }
  /* Its own description lies at the top of the stack, what a command needs behind it. */
  char *top = (char *)area + page;
  struct rest *rest = (struct rest *)(top - sizeof *rest);
  *rest = (struct rest){.page = page, .area = (char *)area, .bytes = bytes, .turn = &me->turn, .tid = tid, .gate = wish->gate};
  if (wish->arguments) {
    rest->arguments = (char **)top;
    rest->environment = rest->arguments + wish->arguments + 1;
    char *copy = (char *)(rest->environment + wish->environment + 1);
    memcpy(copy, texts, wish->text_bytes);
    list_texts(rest->environment, list_texts(rest->arguments, copy, wish->arguments), wish->environment);
  }
  /* Children that end are nobody's concern. execve(2) keeps that; a command gets the kernel's own way back. */
  const struct sigaction ignored = {.sa_handler = wish->arguments ? SIG_DFL : SIG_IGN};
  SC(rt_sigaction, SIGCHLD, &ignored, NULL, sizeof(sigset_t));
  SC(set_robust_list, NULL, sizeof(struct robust_list_head));
  me->ret = 0;
  stay_on_stack(rest, (char *)((uintptr_t)rest & ~(uintptr_t)63));
}
