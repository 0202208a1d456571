/*
 * `holder try N`: tries what nsatlas would use, from the N-th on, and says of each what the kernel answered. It runs in a
 * process of its own, so that a filter that kills for a call kills nothing else; and no call here changes anything: each
 * only reads, or is passed what the kernel refuses after it has found the call.
 *
 * Writes a line for each: its name before the call and the answer behind it, a result or -errno; `? ERRNO` where what it
 * takes (a namespace file, a pidfd) could not be had. src/abi/interfaces.ts has the names in the same order.
 */
#include "holder-try.h"

#include "holder-text.h"
#include <asm/sockios.h>
#include <linux/fcntl.h>
#include <linux/ioctl.h>

static long open_link(const char *name) {
  struct text path = {.length = 0};
  add_word(&path, "/proc/self/ns/");
  add_word(&path, name);
  return SC(openat, AT_FDCWD, path.bytes, O_RDONLY | O_CLOEXEC);
}

static long own_pidfd(void) { return SC(pidfd_open, own_number(), 0); }

static long socket_of(const char *family) {
  const int families[] = {['u'] = AF_UNIX, ['n'] = AF_NETLINK};
  return SC(socket, families[(unsigned char)family[0]], SOCK_RAW | O_CLOEXEC, 0);
}

/* What a try is asked of: opened before the call, closed after it. */
static long subject_of(const struct attempt *attempt) {
  switch (attempt->takes) {
  case TAKES_NOTHING:
    return 0;
  case TAKES_LINK:
    return open_link(attempt->of);
  case TAKES_PIDFD:
    return own_pidfd();
  case TAKES_SOCKET:
    return socket_of(attempt->of);
  }
  return -EINVAL;
}

static void say(const char *text) { SC(write, 1, text, strlen(text)); }

static void say_number(const char *before, long number) {
  struct text text = word_and_number(number < 0 ? "-" : "", (uint32_t)(number < 0 ? -number : 0));
  say(before);
  say(text.bytes);
  say("\n");
}

void try_all(int from) {
  for (int i = from; i < attempt_count; i++) {
    const struct attempt *attempt = &attempts[i];
    long subject = subject_of(attempt);
    say(attempt->name);
    if (subject < 0) {
      say_number(" ? ", subject);
      continue;
    }
    say(" ");
    long result = attempt->make(subject, attempt->argument);
    say_number("", result < 0 ? result : 0);
    if (attempt->takes != TAKES_NOTHING) SC(close, subject);
  }
  SC(exit_group, 0);
}
