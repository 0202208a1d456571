// scanProc(procFd, wish, threads, descriptors, pids?): the scan in threads of Node's pool, its result as a promise. The kernel
// answers several at a time, so several read one folder, as many as there are CPUs.
#include "addon.h"
#include "arguments.h"
#include "columns.h"
#include "each.h"

struct work;

// What one thread of the pool does.
struct part {
  struct work *work;
  napi_async_work handle;
  struct scan scan;
};

// What all parts read.
struct wish {
  uint32_t bits;
  bool threads, descriptors, all;
};

struct work {
  napi_deferred promise;
  struct wish wish;
  int proc;  // ours to close
  int32_t *pids;
  size_t pid_count;
  struct budget limit, budget;
  size_t running, count;
  bool cancelled;
  struct part *parts[MOST_SCANS];
};

static void end_part(napi_env env, struct part *part) {
  if (part->handle != NULL) napi_delete_async_work(env, part->handle);
  end_scan(&part->scan);
  unmap_pages(part, sizeof *part);
}

static void end_work(napi_env env, struct work *work) {
  for (size_t nth = 0; nth < work->count; nth++) end_part(env, work->parts[nth]);
  if (work->pids != NULL) unmap_pages(work->pids, work->pid_count * sizeof *work->pids);
  SC(close, work->proc);
  unmap_pages(work, sizeof *work);
}

// In the pool's threads: no JavaScript here.
static void execute(napi_env env, void *data) {
  (void)env;
  run_scan(&((struct part *)data)->scan);
}

static void complete(napi_env env, napi_status status, void *data);

// Adds a part and queues it. False: there is none more than before.
static bool add_part(napi_env env, struct work *work, bool alone) {
  struct part *part = map_pages(sizeof *part);
  napi_value name;
  if (part == NULL) return false;
  part->work = work;
  part->scan.proc = work->proc;
  part->scan.wish = work->wish.bits;
  part->scan.threads.wanted = work->wish.threads;
  part->scan.tables.wanted = work->wish.descriptors;
  part->scan.all = work->wish.all;
  part->scan.alone = alone;
  part->scan.pids = work->pids;
  part->scan.pid_count = work->pid_count;
  part->scan.budget = &work->budget;
  if (napi_create_string_utf8(env, "nsatlas.scanProc", NAPI_AUTO_LENGTH, &name) == napi_ok &&
      napi_create_async_work(env, NULL, name, execute, complete, part, &part->handle) == napi_ok &&
      napi_queue_async_work(env, part->handle) == napi_ok) {
    work->parts[work->count++] = part;
    work->running++;
    return true;
  }
  end_part(env, part);
  return false;
}

static void add_source(struct source *to, const struct source *other) {
  to->seen += other->seen;
  to->vanished += other->vanished;
  to->skipped += other->skipped;
  for (size_t error = 0; error <= MAX_ERRNO; error++) to->refused[error] += other->refused[error];
}

// All counts to the first of the scans.
static long add_up(struct scan *const *scans, size_t count) {
  struct scan *first = scans[0];
  long result = first->error;
  for (size_t nth = 1; nth < count; nth++) {
    const struct scan *other = scans[nth];
    if (result == 0) result = other->error;
    first->vanished += other->vanished;
    for (size_t error = 0; error <= MAX_ERRNO; error++) first->refused[error] += other->refused[error];
    add_source(&first->threads, &other->threads);
    add_source(&first->tables, &other->tables);
  }
  return result;
}

static napi_value result_of(napi_env env, struct work *work) {
  struct scan *scans[MOST_SCANS] = {0};
  struct runs runs = {0};
  for (size_t nth = 0; nth < work->count; nth++) scans[nth] = &work->parts[nth]->scan;
  long error = add_up(scans, work->count);
  if (error == 0) error = put_in_order(scans, work->count, &runs);
  napi_value result = error ? number(env, error) : columns_of(env, scans[0], &runs);
  give_back(&runs.all);
  return result == NULL ? number(env, -ENOMEM) : result;
}

// What there is no room for is what comes last in the order of pids, which several at a time do not keep to. So one alone
// reads everything once more.
static bool begin_again(napi_env env, struct work *work) {
  while (work->count > 0) end_part(env, work->parts[--work->count]);
  work->budget = work->limit;
  return SC(lseek, work->proc, 0, 0) == 0 && add_part(env, work, true);
}

// Back on the event loop, once for each part; also when the environment ends before the work began, and then nothing can be
// resolved.
static void complete(napi_env env, napi_status status, void *data) {
  struct work *work = ((struct part *)data)->work;
  work->cancelled |= status != napi_ok;
  if (--work->running > 0) return;
  if (!work->cancelled) {
    napi_value result;
    if (work->count > 1 && work->budget.exceeded) {
      if (begin_again(env, work)) return;
      result = number(env, -ENOMEM);
    } else {
      result = result_of(env, work);
    }
    if (result != NULL) napi_resolve_deferred(env, work->promise, result);
  }
  end_work(env, work);
}

// False: nothing was begun, for want of memory.
static bool begin(napi_env env, struct work *work) {
  size_t wanted = work->wish.all ? cpus(MOST_SCANS) : 1;
  // Where fewer can be queued, those read all.
  while (work->count < wanted && add_part(env, work, wanted == 1)) continue;
  return work->count > 0;
}

// The array is JavaScript's, which runs on meanwhile.
static bool copy_pids(struct work *work, const struct elements *pids) {
  if (pids->count == 0) return true;
  work->pids = map_pages(pids->count * sizeof *work->pids);
  work->pid_count = pids->count;
  if (work->pids != NULL) memcpy(work->pids, pids->at, pids->count * sizeof *work->pids);
  return work->pids != NULL;
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

  long proc = open_proc(proc_fd);
  if (proc < 0) return resolved(env, proc);
  struct work *work = map_pages(sizeof *work);
  if (work == NULL) {
    SC(close, proc);
    return resolved(env, -ENOMEM);
  }
  work->proc = (int)proc;
  work->limit = work->budget = (struct budget){.threads = threads, .descriptors = descriptors};
  work->wish = (struct wish){.bits = wish, .threads = threads > 0, .descriptors = descriptors > 0, .all = all};
  bool begun = napi_create_promise(env, &work->promise, &promise) == napi_ok;
  if (begun && copy_pids(work, &pids) && begin(env, work)) return promise;
  napi_value refusal = number(env, -ENOMEM);
  if (begun && refusal != NULL) napi_resolve_deferred(env, work->promise, refusal);
  end_work(env, work);
  return begun ? promise : NULL;
}
