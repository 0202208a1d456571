// Memory from the kernel, by the page, for there is no malloc here. Where there is no more, Node's own allocator would
// end the process; here it is a refusal like any other.
#ifndef NSATLAS_GROWING_H
#define NSATLAS_GROWING_H

#include <stdbool.h>

#include "sys.h"

// `size` bytes, all 0; NULL: there is no more memory for us.
void *map_pages(size_t size);
void unmap_pages(void *at, size_t size);

// What grows, for the scan does not know beforehand how many processes there are. It may move when it grows.
struct growing {
  unsigned char *at;
  size_t used;
  size_t room;
  bool lent;  // the room is part of something larger, and not ours to give back
};

// Makes room for `more` bytes after those used. False: there is no more memory for us; what is there stays.
bool make_room(struct growing *memory, size_t more);
void give_back(struct growing *memory);

#endif
