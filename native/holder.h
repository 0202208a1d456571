/*
 * The holder: a small program that makes system calls on behalf of Node, which is multi-threaded and cannot move between
 * namespaces itself. This file says how its parts talk; docs/decisions/0001-holder-shared-memory.md says why like this.
 *
 * `holder actor` is the *dispatcher*: single-threaded, in the namespaces it was started in. It reads requests from
 * descriptor 0, hands each to one of its *holders*, and writes the answers to descriptor 1. A holder is a process or a
 * thread below the dispatcher that owns one slot of a memory region shared by all, sleeps on a futex in that slot,
 * makes the call found there, and sleeps again. It needs no descriptor, path, credential or namespace for that, so a
 * call may change any of them. A *guard* process ends every holder if the dispatcher itself is killed.
 */
#ifndef NSATLAS_HOLDER_H
#define NSATLAS_HOLDER_H

#include "holder-wire.h"
#include "sys.h"
#include <linux/futex.h>

/* The kernel's robust list (set_robust_list(2)) with one entry: `turn` of a slot. */
struct robust {
  struct robust_list_head head;
  struct robust_list entry;
};

/*
 * `turn` is the futex that both sides sleep on. It holds the holder's thread id, in its own pid namespace, and says
 * whose turn it is by FUTEX_WAITERS: with it the holder's, without it the dispatcher's. As it is in the holder's
 * robust list, the kernel itself turns it into FUTEX_OWNER_DIED when the holder ends, for whatever reason, and wakes
 * the dispatcher. 0: not born yet.
 */
struct slot {
  union {
    struct {
      uint32_t turn;
      /* Whether the holder is the first thread of its group. */
      uint32_t is_leader;
      struct robust robust;
      int64_t ret;
      struct request request;
      struct relocation relocations[MAX_RELOCATIONS];
    };
    char page[4096];
  };
  char stack[STACK_BYTES] __attribute__((aligned(16)));
  unsigned char data[DATA_BYTES] __attribute__((aligned(16)));
};

enum life {
  LIFE_UNUSED = 0,
  LIFE_EXPECTED, /* a CLONE into this slot is under way */
  LIFE_IDLE,
  LIFE_BUSY,    /* its call outlasted the limit */
  LIFE_LEAVING, /* it has begun to end, and the kernel is not through with it */
  LIFE_DEAD,
};

/* What the dispatcher knows about a holder. In shared memory because the guard reads the pidfds. */
struct entry {
  int32_t pidfd; /* of its thread group; 0: none */
  int32_t pid;
  int32_t tid;
  uint8_t life;
  uint8_t is_leader;
};

struct region {
  /* The dispatcher's thread id and FUTEX_WAITERS, in its robust list: FUTEX_OWNER_DIED once it has ended. */
  uint32_t keeper;
  struct robust keeper_robust;
  /* Three descriptors that every holder has, from this number on, all close-on-exec but for EXEC: see `enum parked`. */
  int32_t parked;
  struct entry entries[SLOTS];
  struct slot slots[SLOTS] __attribute__((aligned(4096)));
};

enum parked {
  /* A datagram socket to the dispatcher, who learns a new holder's pid from the credentials of a message. */
  PARKED_SOCKET = 0,
  /* The region, for the program that EXEC starts. */
  PARKED_REGION = 1,
  /* The program itself, reachable in any mount namespace. */
  PARKED_PROGRAM = 2,
  PARKED_COUNT = 3,
};

/* The exit code where the program cannot do its work. */
#define EXIT_SETUP 1

#define NS_PER_MS 1000000L
#define NS_PER_S 1000000000L
/* The dispatcher's longest sleep without a look whether the client is still there. */
#define SLICE_NS (NS_PER_S / 4)

static inline uint32_t load(const uint32_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }
static inline void store(uint32_t *word, uint32_t value) { __atomic_store_n(word, value, __ATOMIC_SEQ_CST); }

/* Sleeps while *word is `value`, at most `ns`. 0, -EAGAIN (it is another), -EINTR or -ETIMEDOUT. */
static inline long futex_wait(const uint32_t *word, uint32_t value, int64_t ns) {
  const int64_t limit[2] = {ns / NS_PER_S, ns % NS_PER_S};
  return SC(futex, word, FUTEX_WAIT, value, limit);
}
static inline void futex_wake(const uint32_t *word) { SC(futex, word, FUTEX_WAKE, 1); }

/* Puts `word` into the caller's robust list. */
static inline void make_robust(struct robust *robust, uint32_t *word) {
  robust->head.list.next = &robust->entry;
  robust->entry.next = &robust->head.list;
  robust->head.futex_offset = (char *)word - (char *)&robust->entry;
  robust->head.list_op_pending = NULL;
  SC(set_robust_list, &robust->head, sizeof robust->head);
}

static inline _Noreturn void leave(int code) {
  for (;;) SC(exit_group, code);
}

/* holder.c. `environment`: as the program got it; set before anything else runs, then only read. */
extern char **environment;
void close_all_but_parked(const struct region *region);

/* holder-serve.c: the life of a holder, from its birth on. `announce`: tell the dispatcher by the parked socket. */
_Noreturn void serve(struct region *region, struct slot *me, int announce);
/* Gives the parked descriptors this F_SETFD flag. */
void set_parked_flag(int first, int flag);

/* holder-rest.c. Returns only where the kernel refused, or the request makes no sense: -errno. */
long come_to_rest(struct region *region, struct slot *me, uint32_t tid);

/* holder-series.c. `data`: what came with the request, which is well formed but for its records. */
int is_series(const struct request *request, const unsigned char *data);
long make_series(struct slot *me);

/* holder-frames.c: the dispatcher's life. */
int returns_twice(uint32_t number);
_Noreturn void dispatch(struct region *region, int birth_socket);

struct dispatcher {
  struct region *region;
  int birth_socket;
};

/* holder-dispatch.c: one request, which is well formed, and its answer. */
void carry_out(const struct dispatcher *self, const struct request *request, struct answer *answer);
/*
 * Sleeps until `turn` is no longer what it was (or for no reason: WOKEN), or for a slice, or until the time `until`.
 * Where the client has gone meanwhile, ends all.
 */
enum watched { WOKEN, SLICE_PASSED, TIME_UP };
enum watched watch(const struct dispatcher *self, const struct slot *slot, uint32_t turn, int64_t slice,
                   int64_t until);

/*
 * holder-birth.c. The pid here of the process that announced itself for a slot; 0 where no message came. Other messages
 * are thrown away: -1 for the slot does just that.
 */
int announced_pid(const struct dispatcher *self, int index);
/* Whether a holder has said its first word in this slot; waits for it so long. */
int await_birth(const struct dispatcher *self, int index, int64_t patience_ns);

/* holder-life.c: who lives, who has ended. */
int64_t now_ns(void);
void adopt(struct region *region, int index, int pid);
void forget(struct entry *entry);
void bury(struct entry *entry);
/* SIGKILL: 0, -ESRCH (it has ended), or why neither its pidfd nor, of a child, its number will do. */
long kill_entry(const struct entry *entry);
/* Whether the holder is a zombie or gone; waits for it until the time `until`. */
int wait_gone(const struct region *region, int index, int64_t until);
int was_hung_up(void);
int has_ended(int pidfd);
void start_guard(struct region *region);
/* Ends all holders. With `reap` waits for every child too, which only the dispatcher can. Gives an exit code. */
int end_all(struct region *region, int reap);

/* holder-cpu.c */
void share_one_cpu(void);
void give_back_cpus(void);

/* holder-proc.c: what only /proc tells about threads. */
void open_proc(void);
int thread_id_from_outside(int pid, uint32_t own_tid);
/* The state letter of /proc/PID/task/TID/stat, 0 where there is no such thread. */
char thread_state(int pid, int tid);

#endif
