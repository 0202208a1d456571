// Which rows of a scan have the same links: on most machines nearly all, which are then looked at once.
#ifndef NSATLAS_LINK_SETS_H
#define NSATLAS_LINK_SETS_H

#include "scan.h"

struct link_set {
  const struct links *links;  // of the first row that has them; NULL: free
  uint32_t number;
};

struct link_sets {
  struct link_set *at;
  size_t room;  // a power of two
  uint32_t count;
};

// Room for the links of so many rows. False: there is no more memory for us.
bool begin_link_sets(struct link_sets *sets, size_t rows);
// A number that is the same for the same links; they count from 0. The links stay where they are until the end.
uint32_t link_set_of(struct link_sets *sets, const struct links *links);
void end_link_sets(struct link_sets *sets);

#endif
