/* The dispatcher: reads frames of requests, has the holders carry them out, writes the answers. */
#include "holder.h"
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/wait.h>

/* The longest sleep without a look whether the client is still there. */
#define SLICE_NS (NS_PER_S / 4)
/* From a successful clone to the child's first word: it has a few system calls to make. */
#define BIRTH_LIMIT_NS NS_PER_S
#define BAD_INPUT 2

struct dispatcher {
  struct region *region;
  int birth_socket;
};

static unsigned char requests[MAX_FRAME_BYTES] __attribute__((aligned(8)));
/* Answers without data may be many; data, in all, are limited to MAX_FRAME_BYTES. */
static unsigned char answers[sizeof(struct frame) + MAX_FRAME_BYTES / sizeof(struct request) * sizeof(struct answer) +
                             MAX_FRAME_BYTES] __attribute__((aligned(8)));

static size_t padded(size_t bytes) { return (bytes + 7) & ~(size_t)7; }
static int64_t earlier(int64_t left, int64_t right) { return left < right ? left : right; }
static int is_answered(uint32_t turn) { return turn != 0 && !(turn & (FUTEX_WAITERS | FUTEX_OWNER_DIED)); }

/* Sleeps until `turn` is no longer what it was, or for a slice, or until the time `until`. 0: that time has come. */
static int watch(const struct dispatcher *self, const struct slot *slot, uint32_t turn, int64_t slice, int64_t until) {
  int64_t left = until - now_ns();
  if (left <= 0) return 0;
  long result = futex_wait(&slot->turn, turn, earlier(left, slice));
  if (result == -ETIMEDOUT && was_hung_up()) leave(end_all(self->region, 1));
  return 1;
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
  entry->life = LIFE_DEAD;
  return GONE;
}

static enum waited await_answer(const struct dispatcher *self, int index, int64_t until) {
  const struct slot *slot = &self->region->slots[index];
  const struct request *request = &slot->request;
  const struct slot *child = request->pointers & SUSPENDS ? &self->region->slots[request->new_slot] : NULL;
  struct entry *entry = &self->region->entries[index];
  for (;;) {
    uint32_t turn = load(&slot->turn);
    if (is_answered(turn)) {
      entry->life = LIFE_IDLE;
      return ANSWERED;
    }
    int64_t slice = child ? NS_PER_MS : SLICE_NS;
    if (turn & FUTEX_OWNER_DIED) {
      /* execve lets go of the robust list too, and then a new image takes it up again. */
      if (request->op != OP_EXEC) return await_end(self, index, until);
      if (wait_gone(self->region, index, 0)) return await_end(self, index, until);
      slice = NS_PER_MS;
    }
    int suspended = child && load(&child->turn) != 0;
    if (suspended || !watch(self, slot, turn, slice, until)) {
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

/* struct msghdr, cmsghdr and ucred, which the kernel's own headers for programs leave to libc. */
struct span {
  void *at;
  size_t bytes;
};
struct message {
  void *name;
  int32_t name_bytes;
  struct span *spans;
  size_t span_count;
  void *control;
  size_t control_bytes;
  uint32_t flags;
};
struct credentials_message {
  size_t bytes;
  int32_t level;
  int32_t type;
  int32_t pid;
  uint32_t uid;
  uint32_t gid;
  uint32_t padding;
};
#define MSG_DONTWAIT 0x40

/* The pid here of the process that announced itself for slot `index`; 0 where no message came. */
static int announced_pid(const struct dispatcher *self, int index) {
  for (;;) {
    uint16_t announced = 0;
    struct credentials_message credentials = {.bytes = 0};
    struct span span = {&announced, sizeof announced};
    struct message message = {
        .spans = &span, .span_count = 1, .control = &credentials, .control_bytes = sizeof credentials};
    if (SC(recvmsg, self->birth_socket, &message, MSG_DONTWAIT) < 0) return 0;
    if (announced == index && message.control_bytes) return credentials.pid;
  }
}

static int await_birth(const struct dispatcher *self, int index) {
  const struct slot *slot = &self->region->slots[index];
  int64_t until = now_ns() + BIRTH_LIMIT_NS;
  while (load(&slot->turn) == 0) {
    if (!watch(self, slot, 0, SLICE_NS, until)) return 0;
  }
  return 1;
}

/* After a clone: takes in the child, if there is one. */
static void settle_child(const struct dispatcher *self, int index, enum waited waited, struct answer *answer) {
  const struct slot *parent = &self->region->slots[index];
  int child_index = parent->request.new_slot;
  struct entry *child = &self->region->entries[child_index];
  if (child->life != LIFE_EXPECTED) return;
  int refused = waited == ANSWERED && parent->ret < 0;
  int unborn = waited != ANSWERED && load(&self->region->slots[child_index].turn) == 0;
  if (refused || (unborn && waited == GONE)) child->life = LIFE_UNUSED;
  /* A child that never says a word keeps its slot, for it may yet come. */
  if (refused || unborn || !await_birth(self, child_index)) return;
  adopt(self->region, child_index, announced_pid(self, child_index));
  answer->pid = child->pid;
  answer->tid = child->tid;
}

/* What the call brought back, and the state of its slot. */
static void report(const struct dispatcher *self, int index, enum waited waited, struct answer *answer) {
  const struct slot *slot = &self->region->slots[index];
  const struct request *request = &slot->request;
  if (request->op == OP_CLONE) settle_child(self, index, waited, answer);
  if (waited != ANSWERED) {
    answer->status = waited == GONE ? STATUS_DIED : STATUS_TIMED_OUT;
    return;
  }
  answer->ret = slot->ret;
  if (request->op == OP_EXEC && slot->ret == 0) {
    /* Where a later thread executed, it has become the first one, under that one's id. */
    struct entry *entry = &self->region->entries[index];
    entry->is_leader = 1;
    entry->tid = entry->pid;
  }
  answer->out_bytes = request->out_bytes;
  memcpy(answer + 1, slot->data + request->out_from, request->out_bytes);
}

/* A holder has ended otherwise than by answering. Had it been cloning, the child may be there. */
static void bury(const struct dispatcher *self, int index, struct answer *answer) {
  if (self->region->slots[index].request.op == OP_CLONE) settle_child(self, index, GONE, answer);
}

static void start(const struct dispatcher *self, const struct request *request, struct answer *answer) {
  struct region *region = self->region;
  struct slot *slot = &region->slots[request->slot];
  struct entry *entry = &region->entries[request->slot];
  if (entry->life != LIFE_UNUSED && entry->life != LIFE_DEAD) {
    answer->status = STATUS_BUSY;
    return;
  }
  forget(entry);
  store(&slot->turn, 0);
  answer->ret = SC(clone, SIGCHLD, 0, 0, 0, 0);
  if (answer->ret == 0) {
    close_all_but_parked(region);
    serve(region, slot, 0);
  }
  if (answer->ret < 0) return;
  int born = await_birth(self, request->slot);
  adopt(region, request->slot, (int)answer->ret);
  if (!born) entry->life = LIFE_LEAVING;
  answer->pid = entry->pid;
  answer->tid = entry->tid;
}

static int is_well_formed(const struct request *request) {
  const struct relocation *relocations = (const void *)(request + 1);
  if (request->slot >= SLOTS || request->new_slot >= SLOTS) return 0;
  if (request->relocations > MAX_RELOCATIONS || request->in_bytes > DATA_BYTES) return 0;
  if (request->out_from > DATA_BYTES || request->out_bytes > DATA_BYTES - request->out_from) return 0;
  size_t bytes = sizeof *request + request->relocations * sizeof *relocations + padded(request->in_bytes);
  if (request->bytes != bytes) return 0;
  for (int i = 0; i < 6; i++) {
    if ((request->pointers & (1 << i)) && request->args[i] > DATA_BYTES) return 0;
  }
  for (int i = 0; i < request->relocations; i++) {
    if (relocations[i].at > DATA_BYTES - sizeof(uint64_t) || relocations[i].to > DATA_BYTES) return 0;
  }
  return 1;
}

/* Whether the call's child would come back into the parent's code: such calls have an operation of their own. */
static int is_clone(uint32_t number) {
#if defined(__x86_64__)
  if (number == __NR_fork || number == __NR_vfork) return 1;
#endif
  return number == __NR_clone || number == __NR_clone3;
}

static int is_allowed(const struct request *request) {
  if (request->op == OP_SYSCALL) return !is_clone(request->number);
  if (request->op != OP_CLONE) return 1;
  return (request->number == __NR_clone || request->number == __NR_clone3) && request->new_slot != request->slot;
}

static void put_into_slot(struct slot *slot, const struct request *request) {
  const struct relocation *relocations = (const void *)(request + 1);
  slot->request = *request;
  memcpy(slot->relocations, relocations, request->relocations * sizeof *relocations);
  memcpy(slot->data, relocations + request->relocations, request->in_bytes);
  uint32_t out_end = request->out_from + request->out_bytes;
  if (out_end > request->in_bytes) memset(slot->data + request->in_bytes, 0, out_end - request->in_bytes);
}

/* SYSCALL, CLONE, EXIT and EXEC: something that the holder itself does. */
static void have_done(const struct dispatcher *self, const struct request *request, int64_t until,
                      struct answer *answer) {
  struct region *region = self->region;
  int index = request->slot;
  if (request->op == OP_CLONE) {
    struct entry *child = &region->entries[request->new_slot];
    if (child->life != LIFE_UNUSED && child->life != LIFE_DEAD) {
      answer->status = STATUS_BUSY;
      return;
    }
    forget(child);
    child->life = LIFE_EXPECTED;
    store(&region->slots[request->new_slot].turn, 0);
  }
  put_into_slot(&region->slots[index], request);
  enum waited waited =
      give_turn(&region->slots[index]) ? await_answer(self, index, until) : await_end(self, index, until);
  report(self, index, waited, answer);
  /* An end that was asked for is no accident. */
  if (request->op == OP_EXIT && waited == GONE) answer->status = STATUS_DONE;
}

static void carry_out(const struct dispatcher *self, const struct request *request, struct answer *answer) {
  struct region *region = self->region;
  int index = request->slot;
  struct entry *entry = &region->entries[index];
  int64_t until = now_ns() + request->limit_ms * NS_PER_MS;
  switch (request->op) {
    case OP_START:
      start(self, request, answer);
      return;
    case OP_REAP:
      answer->ret = SC(wait4, (int32_t)request->args[0], &answer->tid, WNOHANG | __WALL, NULL);
      return;
  }
  if (entry->life == LIFE_UNUSED) {
    answer->status = STATUS_UNUSED;
  } else if (entry->life == LIFE_DEAD) {
    answer->status = STATUS_DIED;
  } else if (entry->life == LIFE_EXPECTED) {
    answer->status = STATUS_BUSY;
  } else if (request->op == OP_KILL) {
    if (!entry->pidfd) {
      answer->status = STATUS_BAD_REQUEST;
      return;
    }
    answer->ret = SC(pidfd_send_signal, entry->pidfd, SIGKILL, NULL, 0);
    if (answer->ret < 0 && answer->ret != -ESRCH) return;
    answer->ret = 0;
    enum waited waited = await_end(self, index, until);
    if (waited == LATE) answer->status = STATUS_TIMED_OUT;
    else bury(self, index, answer);
  } else if (request->op == OP_AWAIT && entry->life == LIFE_BUSY) {
    report(self, index, await_answer(self, index, until), answer);
  } else if (entry->life == LIFE_LEAVING) {
    enum waited waited = await_end(self, index, until);
    answer->status = waited == GONE ? STATUS_DIED : STATUS_TIMED_OUT;
    if (waited == GONE) bury(self, index, answer);
  } else if (entry->life == LIFE_BUSY) {
    answer->status = STATUS_BUSY;
  } else if (request->op == OP_SYSCALL || request->op == OP_CLONE || request->op == OP_EXIT ||
             request->op == OP_EXEC) {
    have_done(self, request, until, answer);
  } else {
    answer->status = STATUS_BAD_REQUEST;
  }
}

/* Whole, or the client is gone. */
static void read_whole(const struct dispatcher *self, void *into, size_t bytes) {
  for (unsigned char *at = into; bytes;) {
    long got = SC(read, 0, at, bytes);
    if (got == -EINTR) continue;
    if (got <= 0) leave(end_all(self->region, 1));
    at += got;
    bytes -= (size_t)got;
  }
}

static void write_whole(const struct dispatcher *self, const void *from, size_t bytes) {
  for (const unsigned char *at = from; bytes;) {
    long put = SC(write, 1, at, bytes);
    if (put == -EINTR) continue;
    if (put <= 0) leave(end_all(self->region, 1));
    at += put;
    bytes -= (size_t)put;
  }
}

/* Carries out a frame of requests. A frame that cannot be taken apart ends all: the client is not ours. */
static void serve_frame(const struct dispatcher *self, const struct frame *frame) {
  struct frame *out = (void *)answers;
  size_t used = sizeof *out, data_used = 0, at = 0;
  for (uint32_t i = 0; i < frame->count; i++) {
    const struct request *request = (const void *)(requests + at);
    if (frame->bytes - at < sizeof *request || request->bytes < sizeof *request || request->bytes % 8 ||
        request->bytes > frame->bytes - at) {
      end_all(self->region, 1);
      leave(BAD_INPUT);
    }
    struct answer *answer = (void *)(answers + used);
    *answer = (struct answer){.slot = request->slot};
    int fits = is_well_formed(request) && data_used + padded(request->out_bytes) <= MAX_FRAME_BYTES;
    if (fits && is_allowed(request)) carry_out(self, request, answer);
    else answer->status = STATUS_BAD_REQUEST;
    data_used += padded(answer->out_bytes);
    answer->bytes = (uint32_t)(sizeof *answer + padded(answer->out_bytes));
    used += answer->bytes;
    at += request->bytes;
  }
  *out = (struct frame){.bytes = (uint32_t)(used - sizeof *out), .count = frame->count};
  write_whole(self, answers, used);
}

_Noreturn void dispatch(struct region *region, int birth_socket) {
  const struct dispatcher self = {region, birth_socket};
  struct {
    struct frame frame;
    struct hello hello;
  } first = {
      .frame = {.bytes = sizeof first.hello},
      .hello = {.version = PROTOCOL_VERSION,
                .slots = SLOTS,
                .data_bytes = DATA_BYTES,
                .max_frame_bytes = MAX_FRAME_BYTES,
                .pid = (int32_t)SC(getpid),
                .machine = MACHINE},
  };
  write_whole(&self, &first, sizeof first);
  for (;;) {
    struct frame frame;
    read_whole(&self, &frame, sizeof frame);
    if (frame.bytes > sizeof requests) {
      end_all(region, 1);
      leave(BAD_INPUT);
    }
    read_whole(&self, requests, frame.bytes);
    serve_frame(&self, &frame);
  }
}
