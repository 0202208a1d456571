#include "growing.h"

#include <linux/mman.h>

// Rows of some hundred processes; doubling from there keeps the number of moves low.
#define FIRST_BYTES (64 * 1024)

static bool is_error(long result) { return (unsigned long)result > -4096UL; }

bool make_room(struct growing *memory, size_t more) {
  if (memory->room - memory->used >= more) return true;
  size_t room = memory->room ? memory->room : FIRST_BYTES / 2;
  do {
    if (room > SIZE_MAX / 4) return false;
    room *= 2;
  } while (room - memory->used < more);
  long at = memory->room ? SC(mremap, memory->at, memory->room, room, MREMAP_MAYMOVE)
                         : SC(mmap, NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (is_error(at)) return false;
  memory->at = (unsigned char *)at;
  memory->room = room;
  return true;
}

void give_back(struct growing *memory) {
  if (memory->room) SC(munmap, memory->at, memory->room);
  *memory = (struct growing){0};
}
