/*
 * A holder's life: wait for a call, make it, answer. It has no variables but its own stack and its slot, for it may
 * share its memory with other holders (CLONE_VM).
 */
#include "holder-text.h"
#include "holder.h"
#include <linux/fcntl.h>

/* A holder that nobody asks looks this often whether the dispatcher is still there. */
#define LOOK_NS NS_PER_S

static void await_turn(const struct region *region, const struct slot *me, uint32_t tid) {
  while (load(&me->turn) == tid) {
    long result = futex_wait(&me->turn, tid, LOOK_NS);
    if (result == -ETIMEDOUT && (load(&region->keeper) & FUTEX_OWNER_DIED)) leave(0);
  }
}

/* The arguments as the kernel gets them: offsets have become addresses, which differ from the dispatcher's after EXEC. */
static void resolve(struct slot *me, long args[6]) {
  const struct request *request = &me->request;
  for (int i = 0; i < 6; i++) {
    args[i] = (long)request->args[i];
    if (request->pointers & (1 << i)) args[i] += (long)me->data;
  }
  for (int i = 0; i < request->relocations; i++) {
    const unsigned char *target = me->data + me->relocations[i].to;
    memcpy(me->data + me->relocations[i].at, &target, sizeof target);
  }
}

static _Noreturn __attribute__((used)) void begin(struct region *region, struct slot *me) { serve(region, me, 1); }

/*
 * clone or clone3 with the arguments exactly as given. The child goes over to the stack in its own slot before it
 * touches memory: so it does not matter whether it shares memory with the parent, nor which stack the call named.
 */
static long clone_into(struct region *region, struct slot *child, long number, const long args[6]) {
  char *stack_top = child->stack + STACK_BYTES;
#if defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = args[3];
  register long r8 __asm__("r8") = args[4];
  register long r9 __asm__("r9") = args[5];
  register struct region *r12 __asm__("r12") = region;
  register struct slot *r13 __asm__("r13") = child;
  register char *r14 __asm__("r14") = stack_top;
  __asm__ volatile("syscall\n\t"
                   "test %%rax, %%rax\n\t"
                   "jnz 1f\n\t"
                   "mov %%r14, %%rsp\n\t"
                   "xor %%ebp, %%ebp\n\t"
                   "mov %%r12, %%rdi\n\t"
                   "mov %%r13, %%rsi\n\t"
                   "call begin\n\t"
                   "1:"
                   : "=a"(result)
                   : "a"(number), "D"(args[0]), "S"(args[1]), "d"(args[2]), "r"(r10), "r"(r8), "r"(r9), "r"(r12),
                     "r"(r13), "r"(r14)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = args[0];
  register long x1 __asm__("x1") = args[1];
  register long x2 __asm__("x2") = args[2];
  register long x3 __asm__("x3") = args[3];
  register long x4 __asm__("x4") = args[4];
  register long x5 __asm__("x5") = args[5];
  register struct region *x19 __asm__("x19") = region;
  register struct slot *x20 __asm__("x20") = child;
  register char *x21 __asm__("x21") = stack_top;
  __asm__ volatile("svc 0\n\t"
                   "cbnz x0, 1f\n\t"
                   "mov sp, x21\n\t"
                   "mov x29, xzr\n\t"
                   "mov x30, xzr\n\t"
                   "mov x0, x19\n\t"
                   "mov x1, x20\n\t"
                   "bl begin\n\t"
                   "1:"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5), "r"(x19), "r"(x20), "r"(x21)
                   : "memory");
  return x0;
#endif
}

void set_parked_flag(int first, int flag) {
  for (int i = 0; i < PARKED_COUNT; i++) SC(fcntl, first + i, F_SETFD, flag);
}

/* Returns only where the kernel refused: then its errno. */
static long execute_self(const struct region *region, const struct slot *me) {
  int program = region->parked + PARKED_PROGRAM;
  struct text slot = word_and_number("", (uint32_t)(me - region->slots));
  struct text parked = word_and_number("", (uint32_t)region->parked);
  char *argv[] = {"holder", "resume", slot.bytes, parked.bytes, NULL};
  set_parked_flag(region->parked, 0);
  long result = SC(execveat, program, "", argv, environment, AT_EMPTY_PATH);
  if (result == -ENOENT) {
    /* Debian 11's Linux 5.10.223 says so to every execveat with a descriptor. */
    struct text path = word_and_number("/proc/self/fd/", (uint32_t)program);
    result = SC(execve, path.bytes, argv, environment);
  }
  set_parked_flag(region->parked, FD_CLOEXEC);
  return result;
}

static long do_request(struct region *region, struct slot *me, uint32_t tid) {
  const struct request *request = &me->request;
  long args[6];
  resolve(me, args);
  switch (request->op) {
    case OP_CLONE:
      return clone_into(region, &region->slots[request->new_slot], request->number, args);
    case OP_EXIT:
      if (args[1]) SC(exit_group, args[0]);
      for (;;) SC(exit, args[0]);
    case OP_EXEC:
      return execute_self(region, me);
    case OP_REST:
      return come_to_rest(region, me, tid);
    case OP_SERIES:
      return make_series(me);
    default:
      return sys6(request->number, args[0], args[1], args[2], args[3], args[4], args[5]);
  }
}

_Noreturn void serve(struct region *region, struct slot *me, int announce) {
  uint32_t tid = (uint32_t)SC(gettid);
  me->is_leader = tid == (uint32_t)SC(getpid);
  make_robust(&me->robust, &me->turn);
  if (announce) {
    uint16_t index = (uint16_t)(me - region->slots);
    SC(write, region->parked + PARKED_SOCKET, &index, sizeof index);
  }
  for (;;) {
    store(&me->turn, tid);
    futex_wake(&me->turn);
    await_turn(region, me, tid);
    me->ret = do_request(region, me, tid);
  }
}
