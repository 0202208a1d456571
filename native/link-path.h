// `4711/ns/net`, from an open /proc.
#ifndef NSATLAS_LINK_PATH_H
#define NSATLAS_LINK_PATH_H

#include "decimal.h"
#include "scan.h"

#define LINK_PATH_ROOM 48

static inline char *append_text(char *to, const char *text) {
  while ((*to = *text)) to++, text++;
  return to;
}

static inline void link_path(char path[LINK_PATH_ROOM], int32_t pid, int link) {
  char room[DECIMAL_ROOM];
  append_text(append_text(append_text(path, decimal(room, (uint32_t)pid)), "/ns/"), LINK_NAMES[link]);
}

#endif
