/* The dispatcher's part in each operation: it hands the turn to holders and waits for what becomes of them. */
#include "holder.h"
#include <asm/signal.h>
#include <linux/prctl.h>
#include <linux/wait.h>

/* How long to wait for a new holder's first word, normally some microseconds after it was made; */
#define BIRTH_LIMIT_NS (10 * NS_PER_S)
/* and where it is not known whether it was. */
#define ORPHAN_LIMIT_NS (NS_PER_S / 20)

static int64_t earlier(int64_t left, int64_t right) { return left < right ? left : right; }
static int is_answered(uint32_t turn) { return turn != 0 && !(turn & (FUTEX_WAITERS | FUTEX_OWNER_DIED)); }

enum watched watch(const struct dispatcher *self, const struct slot *slot, uint32_t turn, int64_t slice,
                   int64_t until) {
  int64_t left = until - now_ns();
  if (left <= 0) return TIME_UP;
  if (futex_wait(&slot->turn, turn, earlier(left, slice)) != -ETIMEDOUT) return WOKEN;
  if (was_hung_up()) leave(end_all(self->region, 1));
  return SLICE_PASSED;
}

enum waited { ANSWERED, GONE, LATE };

static enum waited await_end(const struct dispatcher *self, int index, int64_t until) {
  struct entry *entry = &self->region->entries[index];
  /* In slices, for the client may go away meanwhile. */
  for (int64_t now; !wait_gone(self->region, index, earlier(until, (now = now_ns()) + SLICE_NS));) {
    if (was_hung_up()) leave(end_all(self->region, 1));
    if (now < until) continue;
    entry->life = LIFE_LEAVING;
    return LATE;
  }
  bury(entry);
  return GONE;
}

static enum waited await_answer(const struct dispatcher *self, int index, int64_t until) {
  const struct slot *slot = &self->region->slots[index];
  const struct request *request = &slot->request;
  const struct slot *child = &self->region->slots[request->new_slot];
  const struct entry *child_entry = &self->region->entries[request->new_slot];
  int suspends = request->op == OP_CLONE && (request->pointers & SUSPENDS) && child_entry->life == LIFE_EXPECTED;
  struct entry *entry = &self->region->entries[index];
  for (;;) {
    uint32_t turn = load(&slot->turn);
    if (is_answered(turn)) {
      entry->life = LIFE_IDLE;
      return ANSWERED;
    }
    int64_t slice = suspends ? NS_PER_MS : SLICE_NS;
    if (turn & FUTEX_OWNER_DIED) {
      /* execve lets go of the robust list too, and then a new image takes it up again. */
      if (request->op != OP_EXEC) return await_end(self, index, until);
      if (wait_gone(self->region, index, 0)) return await_end(self, index, until);
      slice = NS_PER_MS;
    }
    int suspended = suspends && load(&child->turn) != 0;
    enum watched watched = suspended ? WOKEN : watch(self, slot, turn, slice, until);
    /* Should the holder have left its robust list (set_robust_list is a call like others), its pidfd tells. */
    if (watched != WOKEN && wait_gone(self->region, index, 0)) return await_end(self, index, until);
    if (suspended || watched == TIME_UP) {
      entry->life = LIFE_BUSY;
      return LATE;
    }
  }
}

/* Hands the turn to a holder; 0 where it has ended. Its request is in the slot already. */
static int give_turn(struct slot *slot) {
  uint32_t turn = load(&slot->turn);
  if (!is_answered(turn)) return 0;
  uint32_t theirs = turn | FUTEX_WAITERS;
  if (!__atomic_compare_exchange_n(&slot->turn, &turn, theirs, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return 0;
  futex_wake(&slot->turn);
  return 1;
}

/* After a clone: takes in the child, if there is one. */
static void settle_child(const struct dispatcher *self, int index, enum waited waited, struct answer *answer) {
  const struct slot *parent = &self->region->slots[index];
  int child_index = parent->request.new_slot;
  struct entry *child = &self->region->entries[child_index];
  if (parent->request.op != OP_CLONE || child->life != LIFE_EXPECTED) return;
  if (waited == ANSWERED && parent->ret < 0) {
    child->life = LIFE_UNUSED;
    return;
  }
  /* A parent that has ended did not say whether there is a child. */
  int64_t patience = waited == ANSWERED ? BIRTH_LIMIT_NS : waited == GONE ? ORPHAN_LIMIT_NS : 0;
  if (!await_birth(self, child_index, patience)) {
    /* Otherwise it may yet come, and the slot stays reserved. */
    if (waited == GONE) child->life = LIFE_UNUSED;
    return;
  }
  adopt(self->region, child_index, announced_pid(self, child_index));
  answer->pid = child->pid;
  answer->tid = child->tid;
}

/* execve leaves one thread of a group, which has become the first one, under that one's id. */
static void forget_other_threads(struct region *region, int index) {
  struct entry *survivor = &region->entries[index];
  survivor->is_leader = 1;
  survivor->tid = survivor->pid;
  for (int i = 0; i < SLOTS; i++) {
    struct entry *other = &region->entries[i];
    if (i != index && survivor->pid && other->pid == survivor->pid) bury(other);
  }
}

/* What became of the call that is in the holder's slot. */
static void report(const struct dispatcher *self, int index, enum waited waited, struct answer *answer) {
  static const uint16_t STATUS[] = {[ANSWERED] = STATUS_DONE, [GONE] = STATUS_DIED, [LATE] = STATUS_TIMED_OUT};
  const struct slot *slot = &self->region->slots[index];
  const struct request *request = &slot->request;
  settle_child(self, index, waited, answer);
  answer->status = STATUS[waited];
  if (waited != ANSWERED) return;
  if (request->op == OP_EXEC && slot->ret == 0) forget_other_threads(self->region, index);
  if (request->op == OP_REST && slot->ret == 0) forget(&self->region->entries[index]);
  answer->ret = slot->ret;
  answer->out_bytes = request->out_bytes;
  memcpy(answer + 1, slot->data + request->out_from, request->out_bytes);
}

static int is_free(const struct entry *entry) { return entry->life == LIFE_UNUSED || entry->life == LIFE_DEAD; }

/* Makes a slot ready for a new holder. */
static void prepare(struct region *region, int index) {
  forget(&region->entries[index]);
  store(&region->slots[index].turn, 0);
}

static void start(const struct dispatcher *self, const struct request *request, struct answer *answer) {
  struct region *region = self->region;
  struct entry *entry = &region->entries[request->slot];
  if (!is_free(entry)) {
    answer->status = STATUS_BUSY;
    return;
  }
  prepare(region, request->slot);
  answer->ret = SC(clone, SIGCHLD, 0, 0, 0, 0);
  if (answer->ret == 0) {
    close_all_but_parked(region);
    serve(region, &region->slots[request->slot], 0);
  }
  if (answer->ret < 0) return;
  int born = await_birth(self, request->slot, BIRTH_LIMIT_NS);
  adopt(region, request->slot, (int)answer->ret);
  if (!born) entry->life = LIFE_LEAVING;
  answer->pid = entry->pid;
  answer->tid = entry->tid;
}

static void put_into_slot(struct slot *slot, const struct request *request) {
  const struct relocation *relocations = (const void *)(request + 1);
  slot->request = *request;
  memcpy(slot->relocations, relocations, request->relocations * sizeof *relocations);
  memcpy(slot->data, relocations + request->relocations, request->in_bytes);
  uint32_t out_end = request->out_from + request->out_bytes;
  if (out_end > request->in_bytes) memset(slot->data + request->in_bytes, 0, out_end - request->in_bytes);
}

/* SYSCALL, CLONE, EXIT and EXEC: what the holder itself does. */
static void have_done(const struct dispatcher *self, const struct request *request, int64_t until,
                      struct answer *answer) {
  struct region *region = self->region;
  int index = request->slot;
  if (request->op == OP_CLONE) {
    if (!is_free(&region->entries[request->new_slot])) {
      answer->status = STATUS_BUSY;
      return;
    }
    prepare(region, request->new_slot);
    /* Of a child that nobody waited for any more. */
    announced_pid(self, -1);
    region->entries[request->new_slot].life = LIFE_EXPECTED;
  }
  put_into_slot(&region->slots[index], request);
  int awake = give_turn(&region->slots[index]);
  enum waited waited = awake ? await_answer(self, index, until) : await_end(self, index, until);
  report(self, index, waited, answer);
  /* An end that was asked for is no accident. */
  if (request->op == OP_EXIT && waited == GONE) answer->status = STATUS_DONE;
}

static void kill_holder(const struct dispatcher *self, int index, int64_t until, struct answer *answer) {
  long result = kill_entry(&self->region->entries[index]);
  if (result < 0 && result != -ESRCH) {
    answer->ret = result;
    return;
  }
  enum waited waited = await_end(self, index, until);
  settle_child(self, index, waited, answer);
  answer->status = waited == GONE ? STATUS_DONE : STATUS_TIMED_OUT;
}

/* A request to a holder that is there, in the states that allow it. */
static void ask(const struct dispatcher *self, const struct request *request, int64_t until, struct answer *answer) {
  int index = request->slot;
  enum life life = self->region->entries[index].life;
  if (request->op == OP_KILL) {
    kill_holder(self, index, until, answer);
  } else if (life == LIFE_LEAVING) {
    report(self, index, await_end(self, index, until), answer);
  } else if (request->op == OP_AWAIT) {
    if (life == LIFE_BUSY) report(self, index, await_answer(self, index, until), answer);
    else answer->status = STATUS_BAD_REQUEST;
  } else if (life == LIFE_BUSY) {
    answer->status = STATUS_BUSY;
  } else {
    have_done(self, request, until, answer);
  }
}

void carry_out(const struct dispatcher *self, const struct request *request, struct answer *answer) {
  /* What there is to say where nobody is there to ask. */
  static const uint16_t NOBODY[] = {
      [LIFE_UNUSED] = STATUS_UNUSED, [LIFE_EXPECTED] = STATUS_BUSY, [LIFE_DEAD] = STATUS_DIED};
  int64_t until = now_ns() + request->limit_ms * NS_PER_MS;
  uint8_t life = self->region->entries[request->slot].life;
  if (request->op == OP_START) {
    start(self, request, answer);
  } else if (request->op == OP_REAP) {
    answer->ret = SC(wait4, (int32_t)request->args[0], &answer->tid, WNOHANG | __WALL, NULL);
  } else if (request->op == OP_RELEASE) {
    answer->ret = SC(prctl, PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
  } else if (life == LIFE_IDLE || life == LIFE_BUSY || life == LIFE_LEAVING) {
    ask(self, request, until, answer);
  } else {
    answer->status = NOBODY[life];
  }
}
