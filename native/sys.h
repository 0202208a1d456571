// Raw Linux system calls, without a C library: the same object runs in processes of any libc, or of none.
// Every call gives what the kernel gives: a result >= 0, or -errno.
#ifndef NSATLAS_SYS_H
#define NSATLAS_SYS_H

#include <asm/errno.h>
#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>

static inline long sys6(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
#else
#error "this CPU needs its system call sequence here"
#endif
}

// SC(openat, fd, path, flags): the call by its name, with up to six arguments; those left out are 0.
#define SC(name, ...) SC_PADDED(name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SC_PADDED(name, a, b, c, d, e, f, ...) \
  sys6(__NR_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

// The compiler may call these even in freestanding code (gcc manual, "Standards"). They are in mem.c.
void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *at, int byte, size_t count);
int memcmp(const void *left, const void *right, size_t count);
// For our own use.
size_t strlen(const char *text);

#endif
