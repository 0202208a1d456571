#include "each.h"

#include "arguments.h"

// As many as Node's pool has, where nobody asks for more.
#define MOST_THREADS 4
// Items that a thread takes at a time: some hundred microseconds of work.
#define PORTION 64

struct work {
  struct each each;
  napi_deferred promise;
  napi_async_work handles[MOST_THREADS];
  size_t threads, running;
  size_t taken;  // by the threads together
  bool cancelled;
};

size_t cpus(size_t most) {
  uint64_t mask[128] = {0};
  long bytes = SC(sched_getaffinity, 0, sizeof mask, mask);
  size_t count = 0;
  for (size_t word = 0; bytes > 0 && word < (size_t)bytes / sizeof *mask; word++) {
    // No library is here to count bits by.
    for (uint64_t left = mask[word]; left; left &= left - 1) count++;
  }
  return count < 1 ? 1 : count < most ? count : most;
}

// In the pool's threads: no JavaScript here.
static void execute(napi_env env, void *data) {
  struct work *work = data;
  (void)env;
  for (;;) {
    size_t from = __atomic_fetch_add(&work->taken, PORTION, __ATOMIC_RELAXED);
    if (from >= work->each.count) return;
    size_t to = work->each.count - from > PORTION ? from + PORTION : work->each.count;
    for (size_t nth = from; nth < to; nth++) work->each.item(work->each.all, nth);
  }
}

static void end_work(napi_env env, struct work *work) {
  for (size_t nth = 0; nth < work->threads; nth++) napi_delete_async_work(env, work->handles[nth]);
  work->each.end(work->each.all);
  unmap_pages(work, sizeof *work);
}

// Back on the event loop, once for each thread; also when the environment ends before the work began, and then nothing can
// be resolved.
static void complete(napi_env env, napi_status status, void *data) {
  struct work *work = data;
  work->cancelled |= status != napi_ok;
  if (--work->running > 0) return;
  if (!work->cancelled) {
    napi_value result = work->each.result(env, work->each.all);
    if (result == NULL) result = number(env, -ENOMEM);
    if (result != NULL) napi_resolve_deferred(env, work->promise, result);
  }
  end_work(env, work);
}

static bool add_thread(napi_env env, struct work *work) {
  napi_value name;
  napi_async_work handle;
  if (napi_create_string_utf8(env, "nsatlas.each", NAPI_AUTO_LENGTH, &name) != napi_ok ||
      napi_create_async_work(env, NULL, name, execute, complete, work, &handle) != napi_ok) {
    return false;
  }
  if (napi_queue_async_work(env, handle) != napi_ok) {
    napi_delete_async_work(env, handle);
    return false;
  }
  work->handles[work->threads++] = handle;
  work->running++;
  return true;
}

napi_value do_each(napi_env env, const struct each *each) {
  napi_deferred deferred;
  napi_value promise;
  struct work *work = map_pages(sizeof *work);
  if (napi_create_promise(env, &deferred, &promise) != napi_ok) {
    each->end(each->all);
    if (work != NULL) unmap_pages(work, sizeof *work);
    return NULL;
  }
  if (work != NULL) {
    size_t useful = each->count / PORTION + 1;
    size_t wanted = cpus(useful < MOST_THREADS ? useful : MOST_THREADS);
    work->each = *each;
    work->promise = deferred;
    // Where fewer can be queued, those do all.
    while (work->threads < wanted && add_thread(env, work)) continue;
    if (work->threads > 0) return promise;
    unmap_pages(work, sizeof *work);
  }
  each->end(each->all);
  napi_value refusal = number(env, -ENOMEM);
  if (refusal != NULL) napi_resolve_deferred(env, deferred, refusal);
  return promise;
}
