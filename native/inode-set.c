#include "inode-set.h"

#define FIRST_ROOM 1024

static size_t place_of(const struct inode_set *set, uint64_t inode) {
  size_t at = (size_t)(inode * 0x9e3779b97f4a7c15ULL >> 32) & (set->room - 1);
  while (set->at[at] != 0 && set->at[at] != inode) at = (at + 1) & (set->room - 1);
  return at;
}

static bool grow(struct inode_set *set) {
  struct inode_set larger = {.room = set->room ? 2 * set->room : FIRST_ROOM, .used = set->used};
  larger.at = map_pages(larger.room * sizeof *larger.at);
  if (larger.at == NULL) return false;
  for (size_t at = 0; at < set->room; at++) {
    if (set->at[at] != 0) larger.at[place_of(&larger, set->at[at])] = set->at[at];
  }
  end_inode_set(set);
  *set = larger;
  return true;
}

bool add_inode(struct inode_set *set, uint64_t inode, bool *is_new) {
  if (2 * set->used >= set->room && !grow(set)) return false;
  size_t at = place_of(set, inode);
  if (set->at[at] == inode) return true;
  set->at[at] = inode;
  set->used++;
  *is_new = true;
  return true;
}

void end_inode_set(struct inode_set *set) {
  if (set->room) unmap_pages(set->at, set->room * sizeof *set->at);
  *set = (struct inode_set){0};
}
