// A finished scan as JavaScript's RawScan: typed arrays over one block of memory, one slot a process.
#ifndef NSATLAS_COLUMNS_H
#define NSATLAS_COLUMNS_H

#include <node_api.h>

#include "scan.h"

// NULL where Node could not make it.
napi_value columns_of(napi_env env, const struct scan *scan);

#endif
