/*
 * The wire, both ways: frames of one `struct frame` and `count` requests (answers), all little-endian and 8-aligned.
 * The dispatcher reads a whole frame before it carries out the first request, and writes the answers after the last:
 * with one frame under way at a time neither side can block on the other. It begins with a frame of no answers, a
 * `struct hello`, so that who started it knows that it runs. End of file on descriptor 0 ends all holders, then it.
 * src/kernel/live/holder-wire.ts is the other side.
 */
#ifndef NSATLAS_HOLDER_WIRE_H
#define NSATLAS_HOLDER_WIRE_H

#include <stdint.h>

#define PROTOCOL_VERSION 3
/* ELF's e_machine: whose system call numbers are meant. */
#if defined(__x86_64__)
#define MACHINE 62
#elif defined(__aarch64__)
#define MACHINE 183
#endif
#define SLOTS 512
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
  /*
   * Holder `slot` makes call `number`. The calls that return twice are refused: CLONE is for them. What the call may
   * write must fit the room it is given; nothing here knows calls well enough to see to that.
   */
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
  /*
   * The holder comes to rest (holder-rest.c): its slot is free, and it is a holder no more. The data say which
   * descriptors it keeps, at which gate it waits, and which command it becomes. Answered like SYSCALL.
   */
  OP_REST = 9,
  /* From now on who is orphaned is not the dispatcher's child, so that it need not wait for those that rest. */
  OP_RELEASE = 10,
  /*
   * The holder makes args[1] calls, whose records lie at args[0] of the data, one after the other without a word between
   * (holder-series.c). Gives 0; what each call returned is in its record. CLONE and the like are refused as in SYSCALL.
   * args[2] is for the calls: see GIVEN.
   */
  OP_SERIES = 11,
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

/*
 * One call of a series. `pointers`: as in struct request. `results`, bit i: args[i] is the number of an earlier call, counted
 * from 0, whose result is meant, or GIVEN: then it is args[2] of the request. `needs`: the number of an earlier call, counted from 1, that must not have failed; 0: none.
 * A call that needs one that failed, or means its result, is not made, and returns the same -errno.
 */
#define GIVEN 0xffffffffU
struct series_call {
  uint32_t number;
  uint8_t pointers;
  uint8_t results;
  uint16_t needs;
  int64_t ret;
  uint64_t args[6];
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

#endif
