// The memory functions that the compiler takes for granted. Compiled with -fno-tree-loop-distribute-patterns, else it
// would recognise each loop as the very function it is in, and call that for ever.
#include "sys.h"

#define HIDDEN __attribute__((visibility("hidden"), used))

static inline void copy_forward(unsigned char *to, const unsigned char *from, size_t count) {
#if defined(__x86_64__)
  // Microcode copies a cache line at a time where it can.
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
#else
  while (count--) *to++ = *from++;
#endif
}

HIDDEN void *memcpy(void *restrict to, const void *restrict from, size_t count) {
  copy_forward(to, from, count);
  return to;
}

HIDDEN void *memmove(void *to, const void *from, size_t count) {
  unsigned char *target = to;
  const unsigned char *source = from;
  if ((uintptr_t)target - (uintptr_t)source >= count) {
    copy_forward(target, source, count);
  } else {
    // The end of `from` lies under `to`: save it first.
    while (count--) target[count] = source[count];
  }
  return to;
}

HIDDEN void *memset(void *at, int byte, size_t count) {
  unsigned char *target = at;
  while (count--) *target++ = (unsigned char)byte;
  return at;
}

HIDDEN int memcmp(const void *left, const void *right, size_t count) {
  const unsigned char *a = left, *b = right;
  for (; count; count--, a++, b++) {
    if (*a != *b) return *a - *b;
  }
  return 0;
}

HIDDEN size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}
