/* Frames of requests come in, are taken apart with care, and frames of answers go out. */
#include "holder.h"

#define BAD_INPUT 2

static unsigned char requests[MAX_FRAME_BYTES] __attribute__((aligned(8)));
/* Answers without data may be many; data, in all, are limited to MAX_FRAME_BYTES. */
static unsigned char answers[sizeof(struct frame) + MAX_FRAME_BYTES / sizeof(struct request) * sizeof(struct answer) +
                             MAX_FRAME_BYTES] __attribute__((aligned(8)));

static size_t padded(size_t bytes) { return (bytes + 7) & ~(size_t)7; }

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
int returns_twice(uint32_t number) {
#if defined(__x86_64__)
  if (number == __NR_fork || number == __NR_vfork) return 1;
#endif
  return number == __NR_clone || number == __NR_clone3;
}

static int is_allowed(const struct request *request) {
  if (request->op < OP_START || request->op > OP_SERIES) return 0;
  if (request->op == OP_SYSCALL) return !returns_twice(request->number);
  if (request->op == OP_SERIES) {
    return is_series(request, (const unsigned char *)((const struct relocation *)(request + 1) + request->relocations));
  }
  if (request->op != OP_CLONE) return 1;
  return (request->number == __NR_clone || request->number == __NR_clone3) && request->new_slot != request->slot;
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
