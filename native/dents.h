// The entries of a folder, as getdents64(2) fills them in.
#ifndef NSATLAS_DENTS_H
#define NSATLAS_DENTS_H

#include "sys.h"

struct entry {
  uint64_t inode;
  int64_t next;
  uint16_t length;
  uint8_t type;
  char name[];
};

// The number that a name is, or -1.
static inline int32_t number_of(const char *name) {
  int64_t number = 0;
  const char *at = name;
  for (; *at >= '0' && *at <= '9' && number <= INT32_MAX; at++) number = number * 10 + (*at - '0');
  return at > name && *at == '\0' && number <= INT32_MAX ? (int32_t)number : -1;
}

#endif
