#include "growing.h"

#include <linux/mman.h>

// Rows of some hundred processes; doubling from there keeps the number of moves low.
#define FIRST_BYTES (64 * 1024)

static void *pointer_of(long result) { return (unsigned long)result > -4096UL ? NULL : (void *)result; }

void *map_pages(size_t size) {
  return pointer_of(SC(mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

void unmap_pages(void *at, size_t size) { SC(munmap, at, size); }

bool make_room(struct growing *memory, size_t more) {
  if (memory->room - memory->used >= more) return true;
  size_t room = memory->room ? memory->room : FIRST_BYTES / 2;
  do {
    if (room > SIZE_MAX / 4) return false;
    room *= 2;
  } while (room - memory->used < more);
  bool moves = memory->room && !memory->lent;
  void *at = moves ? pointer_of(SC(mremap, memory->at, memory->room, room, MREMAP_MAYMOVE)) : map_pages(room);
  if (at == NULL) return false;
  if (memory->lent) memcpy(at, memory->at, memory->used);
  *memory = (struct growing){.at = at, .used = memory->used, .room = room};
  return true;
}

void give_back(struct growing *memory) {
  if (memory->room && !memory->lent) unmap_pages(memory->at, memory->room);
  *memory = (struct growing){0};
}
