#ifndef NSATLAS_NETNSID_H
#define NSATLAS_NETNSID_H

#include <stdint.h>

// The number that our network namespace has for the one that `fd` opens; -1: none. 0, or -errno.
long netnsid_of(int32_t fd, int32_t *id);

#endif
