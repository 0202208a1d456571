#include "link-sets.h"

bool begin_link_sets(struct link_sets *sets, size_t rows) {
  *sets = (struct link_sets){.room = 16};
  // At most half full, so that a free place is near.
  while (sets->room < 2 * rows) sets->room *= 2;
  sets->at = map_pages(sets->room * sizeof *sets->at);
  return sets->at != NULL;
}

static uint64_t hash_of(const struct links *links) {
  uint64_t hash = 0;
  for (int link = 0; link < LINKS; link++) hash = (hash ^ links->inode[link] ^ links->error[link]) * 0x9e3779b97f4a7c15ULL;
  return hash >> 32;
}

static bool same(const struct links *left, const struct links *right) {
  uint64_t difference = 0;
  for (int link = 0; link < LINKS; link++) {
    difference |= (left->inode[link] ^ right->inode[link]) | (left->device[link] ^ right->device[link]) |
                  (uint64_t)(left->error[link] ^ right->error[link]);
  }
  return difference == 0;
}

uint32_t link_set_of(struct link_sets *sets, const struct links *links) {
  size_t at = (size_t)hash_of(links) & (sets->room - 1);
  while (sets->at[at].links != NULL && !same(sets->at[at].links, links)) at = (at + 1) & (sets->room - 1);
  if (sets->at[at].links == NULL) sets->at[at] = (struct link_set){links, sets->count++};
  return sets->at[at].number;
}

void end_link_sets(struct link_sets *sets) {
  if (sets->at != NULL) unmap_pages(sets->at, sets->room * sizeof *sets->at);
}
