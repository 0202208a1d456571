// Many items that are alike and know nothing of each other, done by threads of Node's pool, as many as there are CPUs: for the
// kernel answers several at a time.
#ifndef NSATLAS_EACH_H
#define NSATLAS_EACH_H

#include <node_api.h>

#include "growing.h"

struct each {
  // In any of the threads, at the same time as others: it may touch what is of its item alone.
  void (*item)(void *all, size_t nth);
  // On the event loop, once all are done. NULL: there was no memory for it.
  napi_value (*result)(napi_env env, void *all);
  // Gives `all` back, in any case.
  void (*end)(void *all);
  void *all;
  size_t count;
};

// A promise of the result; of -ENOMEM, where there is no memory. NULL: JavaScript threw.
napi_value do_each(napi_env env, const struct each *each);

// The CPUs that we may run on, 1 to `most`.
size_t cpus(size_t most);

#endif
