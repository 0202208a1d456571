#include "stat-line.h"

// Numbers of the fields, as proc_pid_stat(5) counts them. The name is field 2.
enum { STATE = 3, PPID = 4, FLAGS = 9, THREADS = 20, START_TIME = 22 };

// The name is in parentheses and may hold any byte but NUL, parentheses and newlines too: it ends at the last `)`,
// since numbers follow.
static const char *end_of_name(const char *text, size_t length) {
  for (const char *at = text + length; at-- > text;) {
    if (*at == ')') return at;
  }
  return NULL;
}

static bool copy_name(const char *text, const char *end, char comm[COMM_BYTES]) {
  while (text < end && *text != '(') text++;
  if (text == end) return false;
  size_t length = (size_t)(end - ++text);
  if (length > COMM_BYTES - 1) length = COMM_BYTES - 1;
  memset(comm, 0, COMM_BYTES);
  memcpy(comm, text, length);
  return true;
}

bool parse_stat_line(const char *text, size_t length, struct stat_line *into) {
  const char *at = end_of_name(text, length);
  const char *end = text + length;
  if (at == NULL || !copy_name(text, at, into->comm) || end - at < 3) return false;
  into->state = at[2];
  at += 3;
  for (int field = PPID; field <= START_TIME; field++) {
    uint64_t value = 0;
    bool digits = false;
    if (at == end || *at++ != ' ') return false;
    // tpgid, nice and others may be below zero; none of those we want is.
    if (at < end && *at == '-') at++;
    for (; at < end && *at >= '0' && *at <= '9'; at++, digits = true) value = value * 10 + (uint64_t)(*at - '0');
    if (!digits) return false;
    if (field == PPID) into->ppid = (int32_t)value;
    if (field == FLAGS) into->flags = (uint32_t)value;
    if (field == THREADS) into->threads = (uint32_t)value;
    if (field == START_TIME) into->start_time = value;
  }
  return true;
}
