// Which inode numbers were met so far. None is 0.
#ifndef NSATLAS_INODE_SET_H
#define NSATLAS_INODE_SET_H

#include "growing.h"

struct inode_set {
  uint64_t *at;  // 0: free
  size_t room;   // a power of two, or 0
  size_t used;
};

// `is_new` becomes true where it was not met before, and else stays. False: there is no more memory for us.
bool add_inode(struct inode_set *set, uint64_t inode, bool *is_new);
void end_inode_set(struct inode_set *set);

#endif
