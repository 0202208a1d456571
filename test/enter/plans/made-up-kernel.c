/*
 * A kernel for the launcher that answers by chance, and plans that somebody has spoilt: `program SEED ROUNDS FILE…`, where
 * each FILE is a plan as src/enter/encode-plan.ts writes it. Each round spoils one, has the launcher carry it out, and counts
 * how it ended. Whatever a call is given to read is read, to the end, so that the sanitizers see it.
 *
 * Ends with 1 and a word where a plan keeps the launcher busy for ever; by a sanitizer's report where it leaves its memory.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* More calls than this: it goes in circles. Only waiting may take long, and answers by chance end that. */
#define MOST_CALLS 100000
#define MOST_PLANS 64
#define STEP_BYTES 80
#define HEADER_WORDS 8

_Noreturn void begin_program(const long *stack);

static uint64_t state;
static struct {
  unsigned char *bytes;
  uint32_t count;
} plans[MOST_PLANS], spoilt;
static unsigned char *mapped;
static int calls;
static jmp_buf end;
static volatile unsigned char sink;

/* splitmix64. */
static uint64_t chance(void) {
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}
static int one_in(uint64_t count) { return chance() % count == 0; }

static void read_bytes(long at, unsigned long count) {
  for (unsigned long i = 0; i < count; i++) sink = ((unsigned char *)at)[i];
}
static void read_text(long at) {
  if (at) sink = (unsigned char)strlen((char *)at);
}
static void read_list(long at) {
  for (char **list = (char **)at; *list; list++) read_text((long)*list);
}

static int status_by_chance(void) {
  const int ways[] = {0, 7 << 8, 9, 15, 64, 0x137f};
  return ways[chance() % (sizeof ways / sizeof *ways)];
}

static long error_by_chance(void) {
  const int errors[] = {EPERM, ENOENT, EINTR, EACCES, EINVAL, ENOEXEC, EPIPE, ENOSYS, 0, 4094};
  return -errors[chance() % (sizeof errors / sizeof *errors)];
}

long made_up_call(long number, long a, long b, long c, long d, long e, long f) {
  (void)f;
  if (++calls > MOST_CALLS) {
    fputs("a plan that never ends\n", stderr);
    exit(1);
  }
  switch (number) {
  case __NR_exit_group:
    longjmp(end, 1 + (int)(a & 0xff));
  case __NR_fstat:
    ((struct stat *)b)->st_size = spoilt.count;
    return 0;
  case __NR_mmap:
    /* Of just that size: a byte behind it is one too many. */
    mapped = malloc(spoilt.count);
    memcpy(mapped, spoilt.bytes, spoilt.count);
    return (long)mapped;
  case __NR_close:
    return 0;
  case __NR_write:
  case __NR_sethostname:
  case __NR_setdomainname:
    read_bytes(number == __NR_write ? b : a, (unsigned long)(number == __NR_write ? c : b));
    break;
  case __NR_openat:
    read_text(b);
    break;
  case __NR_chdir:
  case __NR_chroot:
    read_text(a);
    break;
  case __NR_mount:
    read_text(a), read_text(b), read_text(c), read_text(e);
    break;
  case __NR_setgroups:
    read_bytes(b, (unsigned long)a * sizeof(uint32_t));
    break;
  case __NR_execve:
    read_text(a), read_list(b), read_list(c);
    if (one_in(2)) longjmp(end, 1);
    return error_by_chance();
  case __NR_clone:
    return one_in(8) ? -EAGAIN : one_in(2) ? 0 : 7;
  case __NR_wait4:
    if (one_in(16)) return one_in(2) ? -EINTR : -ECHILD;
    if ((c & 1) && one_in(2)) return 0;
    if (b) *(int *)b = status_by_chance();
    return a;
  case __NR_rt_sigtimedwait:
    memset((void *)b, 0, 128);
    return one_in(2) ? -EAGAIN : (long)(1 + chance() % 64);
  case __NR_clock_gettime:
    ((int64_t *)b)[0] = (int64_t)(chance() % 1000000), ((int64_t *)b)[1] = (int64_t)(chance() % 1000000000);
    return 0;
  case __NR_prlimit64:
    if (d) ((uint64_t *)d)[0] = 64, ((uint64_t *)d)[1] = 64;
    return 0;
  case __NR_pipe2:
    ((int32_t *)a)[0] = 8, ((int32_t *)a)[1] = 9;
    break;
  case __NR_read:
    if (one_in(2)) *(char *)b = 0;
    return 1;
  case __NR_capget:
    if (b) memset((void *)b, (int)(chance() & 0xff), 24);
    break;
  case __NR_rt_sigaction:
    if (c) memset((void *)c, 0, 32);
    break;
  case __NR_rt_sigprocmask:
    if (c) memset((void *)c, 0, 8);
    break;
  }
  if (one_in(6)) return error_by_chance();
  if (number == __NR_write) return c;
  return 0;
}

/* A number that code gets wrong. */
static uint64_t awkward(uint32_t bytes) {
  const uint64_t numbers[] = {0,         1,         7,          8,
                              bytes,     bytes - 1, bytes - 8,  bytes + 1,
                              INT32_MAX, INT64_MAX, INT64_MIN,  UINT64_MAX,
                              1ULL << 61, 1ULL << 62, UINT32_MAX, (uint64_t)INT64_MIN + 8};
  return one_in(3) ? chance() % bytes & ~7ULL : numbers[chance() % (sizeof numbers / sizeof *numbers)];
}

static void put(uint32_t at, uint64_t value, uint32_t size) {
  if (at + size <= spoilt.count) memcpy(spoilt.bytes + at, &value, size);
}

/* A copy with a few words changed: mostly in the steps and the header, where every word means something. */
static void spoil_copy_of(unsigned which) {
  spoilt.count = plans[which].count;
  spoilt.bytes = malloc(spoilt.count);
  memcpy(spoilt.bytes, plans[which].bytes, spoilt.count);
  uint32_t header[HEADER_WORDS];
  memcpy(header, spoilt.bytes, sizeof header);
  const uint32_t steps_at = header[3], steps = header[4];
  if (one_in(8)) {
    spoilt.count = (uint32_t)(chance() % spoilt.count) + 1;
    put(8, spoilt.count, 4);
    if (one_in(2)) put(spoilt.count - 1, 0, 1);
  }
  for (uint64_t left = chance() % 6; left; left--) {
    const uint64_t value = awkward(spoilt.count);
    switch (chance() % 4) {
    case 0:
      put((uint32_t)(3 + chance() % (HEADER_WORDS - 3)) * 4, value, 4);
      break;
    case 1:
      put((uint32_t)(chance() % spoilt.count), value, 1U << chance() % 4);
      break;
    default: {
      const uint32_t step = steps_at + (uint32_t)(chance() % steps) * STEP_BYTES;
      if (one_in(6)) {
        put(step, chance() % 28, 2);
      } else if (one_in(6)) {
        put(step + 8, value, 4);
      } else {
        put(step + 16 + (uint32_t)(chance() % 8) * 8, value, 8);
      }
    }
    }
  }
}

static void load(unsigned nth, const char *path) {
  FILE *file = fopen(path, "rb");
  struct stat status;
  if (!file || stat(path, &status) < 0) exit(2);
  plans[nth].count = (uint32_t)status.st_size;
  plans[nth].bytes = malloc(plans[nth].count);
  if (fread(plans[nth].bytes, 1, plans[nth].count, file) != plans[nth].count) exit(2);
  fclose(file);
}

int main(int argc, char **argv) {
  static long endings[257];
  const unsigned count = (unsigned)argc - 3;
  if (argc < 4 || count > MOST_PLANS) return 2;
  state = strtoull(argv[1], NULL, 10);
  for (unsigned nth = 0; nth < count; nth++) load(nth, argv[3 + nth]);
  const long stack[] = {2, (long)"nsatlas", (long)"3", 0, (long)"PATH=/bin::/usr/bin", 0};
  for (long left = strtol(argv[2], NULL, 10); left; left--) {
    calls = 0;
    spoil_copy_of((unsigned)(chance() % count));
    const int ended = setjmp(end);
    if (ended == 0) begin_program(stack);
    endings[ended - 1]++;
    free(mapped);
    free(spoilt.bytes);
    mapped = NULL;
  }
  for (int code = 0; code < 256; code++) {
    if (endings[code]) printf("%d %ld\n", code, endings[code]);
  }
}
