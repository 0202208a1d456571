// Memory that grows: the scan does not know beforehand how many processes there are. It comes from the kernel by the page,
// for there is no malloc here, and it may move when it grows.
#ifndef NSATLAS_GROWING_H
#define NSATLAS_GROWING_H

#include <stdbool.h>

#include "sys.h"

struct growing {
  unsigned char *at;
  size_t used;
  size_t room;
};

// Makes room for `more` bytes after those used. False: the kernel has no more memory for us; what is there stays.
bool make_room(struct growing *memory, size_t more);
void give_back(struct growing *memory);

#endif
