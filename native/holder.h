/*
 * The holder: a small program that makes system calls on behalf of Node, which is multi-threaded and cannot move between
 * namespaces itself. This file says how its parts talk; docs/decisions/0001-holder-shared-memory.md says why like this.
 *
 * `holder actor` is the *dispatcher*: single-threaded, in the namespaces it was started in. It reads requests from
 * descriptor 0, hands each to one of its *holders*, and writes the answers to descriptor 1. A holder is a process or a
 * thread below the dispatcher that owns one slot of a memory region shared by all, sleeps on a futex in that slot,
 * makes the call found there, and sleeps again. It needs no descriptor, path, credential or namespace for that, so a
 * call may change any of them. A *guard* process ends every holder if the dispatcher itself is killed.
 *
 * The wire, both ways: frames of one `struct frame` and `count` requests (answers), all little-endian and 8-aligned.
 * The dispatcher reads a whole frame before it carries out the first request, and writes the answers after the last:
 * with one frame under way at a time neither side can block on the other. It begins with a frame of no answers, a
 * `struct hello`, so that who started it knows that it runs. End of file on descriptor 0 ends all holders, then it.
 */
#ifndef NSATLAS_HOLDER_H
#define NSATLAS_HOLDER_H

#include "sys.h"
#include <linux/futex.h>

#define PROTOCOL_VERSION 1
/* ELF's e_machine: whose system call numbers are meant. */
#if defined(__x86_64__)
#define MACHINE 62
#elif defined(__aarch64__)
#define MACHINE 183
#endif
#define SLOTS 256
/* Room for what a call reads and writes through pointers. The longest text of interest, a uid_map, has 4 KiB. */
#define DATA_BYTES 16384
#define STACK_BYTES 12288
#define MAX_RELOCATIONS 16
#define MAX_FRAME_BYTES 65536

struct frame {
  uint32_t bytes; /* after this struct; at most MAX_FRAME_BYTES */
  uint32_t count;
};

struct hello {
  uint32_t version;
  uint32_t slots;
  uint32_t data_bytes;
  uint32_t max_frame_bytes;
  int32_t pid; /* of the dispatcher */
  uint32_t machine;
};

enum op {
  /* A first holder in `slot`, forked from the dispatcher: no descriptors but the parked ones. Gives its pid. */
  OP_START = 1,
  /* Holder `slot` makes call `number`. The calls that return twice are refused: CLONE is for them. */
  OP_SYSCALL = 2,
  /* As SYSCALL, for clone and clone3 only; the child becomes the holder of `new_slot`. Gives its pid as well. */
  OP_CLONE = 3,
  /* The answer to a call of `slot` that took longer than its limit. */
  OP_AWAIT = 4,
  /* exit(args[0]), or exit_group where args[1] is not 0. Answered when the kernel shows a zombie, or nothing. */
  OP_EXIT = 5,
  /* SIGKILL to the holder's thread group. Answered like EXIT. */
  OP_KILL = 6,
  /* wait4(args[0], WNOHANG) by the dispatcher, for holders that it started or inherited. The status is in `tid`. */
  OP_REAP = 7,
  /* The holder executes its own program anew, as execve would another, and serves the same slot. */
  OP_EXEC = 8,
};

struct request {
  uint32_t bytes; /* with relocations and data, a multiple of 8 */
  uint16_t op;
  uint16_t slot;
  uint32_t limit_ms; /* how long to wait for the answer; 0: not at all */
  uint16_t new_slot;
  uint8_t pointers; /* bit i: args[i] is an offset into the data; SUSPENDS: see below */
  uint8_t relocations;
  uint32_t number;
  uint32_t in_bytes;  /* of data that follow */
  uint32_t out_from;  /* the part of the data area that the answer brings back; */
  uint32_t out_bytes; /* what lies beyond in_bytes starts as zeros */
  uint64_t args[6];
  /* then struct relocation[relocations], then the data */
};
/* In `pointers`: the call (CLONE_VFORK) returns only when the child lets go, so report the child without waiting. */
#define SUSPENDS 0x80

/* Before the call, the 8 bytes of data at `at` become the address of the data at `to`. */
struct relocation {
  uint32_t at;
  uint32_t to;
};

enum status {
  STATUS_DONE = 0,
  /* The limit passed. The slot takes nothing but AWAIT and KILL until AWAIT brought the answer. */
  STATUS_TIMED_OUT = 1,
  /* The holder has ended: a zombie or gone. Its slot may be used for another. */
  STATUS_DIED = 2,
  STATUS_BAD_REQUEST = 3,
  STATUS_UNUSED = 4,
  STATUS_BUSY = 5,
};

struct answer {
  uint32_t bytes; /* with data, a multiple of 8 */
  uint16_t status;
  uint16_t slot;
  int64_t ret;        /* what the kernel returned: a result or -errno */
  int32_t pid;        /* START, CLONE: the new holder's, in the dispatcher's pid namespace; 0: could not be told */
  int32_t tid;        /* its thread id there; REAP: the wait status */
  uint32_t out_bytes; /* of data that follow */
  uint32_t reserved;
};

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
  /* Three descriptors that every holder has, from this number on, all close-on-exec: see `enum parked`. */
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

#define NS_PER_MS 1000000L
#define NS_PER_S 1000000000L

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

/* holder-dispatch.c */
_Noreturn void dispatch(struct region *region, int birth_socket);

/* holder-life.c: who lives, who has ended. */
int64_t now_ns(void);
void adopt(struct region *region, int index, int pid);
void forget(struct entry *entry);
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
