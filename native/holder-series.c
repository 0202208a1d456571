/*
 * Several calls by one holder without a word between: what takes two switches from process to process for each call takes two
 * for all of them. The records lie in the slot's data, behind what the calls read and before what they write.
 */
#include "holder.h"

#define ARGUMENTS 6

/* Whether each record lies in the data, speaks of earlier calls only, and of no memory but the data. */
int is_series(const struct request *request, const unsigned char *data) {
  uint64_t at = request->args[0], count = request->args[1];
  const uint64_t size = sizeof(struct series_call);
  if (request->pointers || request->relocations || at % 8 || at > request->in_bytes) return 0;
  if (count > (request->in_bytes - at) / size) return 0;
  const struct series_call *calls = (const void *)(data + at);
  for (uint32_t nth = 0; nth < count; nth++) {
    const struct series_call *call = &calls[nth];
    if (returns_twice(call->number) || call->needs > nth) return 0;
    for (int i = 0; i < ARGUMENTS; i++) {
      if ((call->pointers & (1 << i)) && call->args[i] > DATA_BYTES) return 0;
      if ((call->results & (1 << i)) && call->args[i] >= nth && call->args[i] != GIVEN) return 0;
    }
  }
  return 1;
}

static int64_t make(const struct series_call *calls, uint32_t nth, struct slot *me) {
  const struct series_call *call = &calls[nth];
  if (call->needs && calls[call->needs - 1].ret < 0) return calls[call->needs - 1].ret;
  long args[ARGUMENTS];
  for (int i = 0; i < ARGUMENTS; i++) {
    args[i] = (long)call->args[i];
    if (call->pointers & (1 << i)) args[i] += (long)me->data;
    if (!(call->results & (1 << i))) continue;
    if (call->args[i] == GIVEN) {
      args[i] = (long)me->request.args[2];
      continue;
    }
    args[i] = (long)calls[call->args[i]].ret;
    if (args[i] < 0) return args[i];
  }
  return sys6(call->number, args[0], args[1], args[2], args[3], args[4], args[5]);
}

long make_series(struct slot *me) {
  struct series_call *calls = (void *)(me->data + me->request.args[0]);
  const uint32_t count = (uint32_t)me->request.args[1];
  for (uint32_t nth = 0; nth < count; nth++) calls[nth].ret = make(calls, nth, me);
  return 0;
}
