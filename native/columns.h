// A finished scan as JavaScript's RawScan: typed arrays over one block of memory, one slot a process; and the same for
// what hangs from processes. NULL where Node could not make it.
#ifndef NSATLAS_COLUMNS_H
#define NSATLAS_COLUMNS_H

#include <node_api.h>

#include "runs.h"

// `first` is one of the scans, and has the counts of all.
napi_value columns_of(napi_env env, const struct scan *first, const struct runs *runs);
napi_value thread_columns(napi_env env, const struct scan *first, const struct runs *runs);
napi_value descriptor_columns(napi_env env, const struct scan *first, const struct runs *runs);

// What came of looking at a source, as properties.
bool set_source(napi_env env, napi_value object, const struct source *source, size_t count);

#endif
