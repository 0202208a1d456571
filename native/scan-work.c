// scanProc(procFd, wish, threads, descriptors, pids?): the scan in a thread of Node's pool, its result as a promise.
#include "addon.h"
#include "arguments.h"
#include "columns.h"

struct work {
  napi_async_work handle;
  napi_deferred promise;
  struct scan scan;
};

// In the pool's thread: no JavaScript here.
static void execute(napi_env env, void *data) {
  (void)env;
  run_scan(&((struct work *)data)->scan);
}

// Back on the event loop; also when the environment ends before the work began, and then nothing can be resolved.
static void complete(napi_env env, napi_status status, void *data) {
  struct work *work = data;
  napi_value result = NULL;
  if (status == napi_ok) {
    result = work->scan.error ? number(env, work->scan.error) : columns_of(env, &work->scan);
    if (result == NULL) result = number(env, -ENOMEM);
  }
  if (result != NULL) napi_resolve_deferred(env, work->promise, result);
  close_scan(&work->scan);
  napi_delete_async_work(env, work->handle);
  unmap_pages(work, sizeof *work);
}

// False: nothing was queued, and `work` is still the caller's.
static bool queue(napi_env env, struct work *work, napi_value *promise) {
  napi_value name;
  if (napi_create_string_utf8(env, "nsatlas.scanProc", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, NULL, name, execute, complete, work, &work->handle) != napi_ok) {
    return false;
  }
  if (napi_create_promise(env, &work->promise, promise) == napi_ok &&
      napi_queue_async_work(env, work->handle) == napi_ok) {
    return true;
  }
  napi_delete_async_work(env, work->handle);
  return false;
}

static napi_value resolved(napi_env env, long result) {
  napi_deferred deferred;
  napi_value promise, value = number(env, result);
  if (value == NULL || napi_create_promise(env, &deferred, &promise) != napi_ok ||
      napi_resolve_deferred(env, deferred, value) != napi_ok) {
    return NULL;
  }
  return promise;
}

napi_value scan_proc(napi_env env, napi_callback_info info) {
  napi_value argv[5], promise;
  napi_valuetype given;
  struct elements pids = {0};
  int32_t proc_fd;
  uint32_t wish, threads, descriptors;
  if (!arguments(env, info, 5, argv) || !int32_argument(env, argv[0], "procFd", &proc_fd) ||
      !uint32_argument(env, argv[1], "wish", &wish) || !uint32_argument(env, argv[2], "threads", &threads) ||
      !uint32_argument(env, argv[3], "descriptors", &descriptors)) {
    return NULL;
  }
  bool all = napi_typeof(env, argv[4], &given) == napi_ok && given == napi_undefined;
  if (!all && !elements_argument(env, argv[4], "pids", napi_int32_array, 0, &pids)) return NULL;
  if (wish & ~(uint32_t)ALL_WISHES) return out_of_range(env, "wish", "has bits that mean nothing");

  // All 0: an empty scan.
  struct work *work = map_pages(sizeof *work);
  if (work == NULL) return resolved(env, -ENOMEM);
  work->scan.wish = wish;
  work->scan.threads.wanted = threads > 0;
  work->scan.threads.left = threads;
  work->scan.tables.wanted = descriptors > 0;
  work->scan.tables.left = descriptors;
  work->scan.all = all;
  if (pids.count > 0) {
    // The array is JavaScript's, which runs on meanwhile.
    work->scan.pids = map_pages(pids.count * sizeof *work->scan.pids);
    if (work->scan.pids == NULL) {
      unmap_pages(work, sizeof *work);
      return resolved(env, -ENOMEM);
    }
    work->scan.pid_count = pids.count;
    for (size_t at = 0; at < pids.count; at++) work->scan.pids[at] = ((const int32_t *)pids.at)[at];
  }
  long result = open_scan(&work->scan, proc_fd);
  if (result == 0) {
    if (queue(env, work, &promise)) return promise;
    close_scan(&work->scan);
    result = -ENOMEM;
  } else {
    give_back_pids(&work->scan);
  }
  unmap_pages(work, sizeof *work);
  return resolved(env, result);
}
