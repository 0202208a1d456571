/*
 * In the place of native/sys.h, included before everything else (gcc -include): the launcher's sources as an ordinary program
 * with a C library, so that gcc's sanitizers can watch them; every system call is a function of made-up-kernel.c.
 */
#define NSATLAS_SYS_H
#include <asm/errno.h>
#include <asm/unistd.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

long made_up_call(long number, long a, long b, long c, long d, long e, long f);
#define SC(name, ...) SC_PADDED(name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SC_PADDED(name, a, b, c, d, e, f, ...) \
  made_up_call(__NR_##name, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* The C library has a _start. */
#define __asm__(...)
