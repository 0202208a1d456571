/* Numbers as text: names below /proc, arguments of a program. */
#ifndef NSATLAS_DECIMAL_H
#define NSATLAS_DECIMAL_H

#include <stdint.h>

/* Ten digits and the NUL. */
#define DECIMAL_ROOM 11

/* The number in decimal, ended by NUL; it lies somewhere in `room`. */
static inline char *decimal(char room[DECIMAL_ROOM], uint32_t number) {
  char *first = room + DECIMAL_ROOM - 1;
  *first = 0;
  do *--first = (char)('0' + number % 10);
  while (number /= 10);
  return first;
}

#endif
