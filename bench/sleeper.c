/*
 * What the processes of a load become: a program of one page, which says that it is there and sleeps.
 *
 * Processes that are copies of one another share all of its pages. Where the kernel watches which memory is used (DAMON, in
 * Linux 6.18 by default), it looks for each such page into the tables of every process: among 20,000 copies its thread takes two
 * thirds of a CPU, which what is measured then does not have.
 */
#include <linux/prctl.h>

#include "../native/start.h"
#include "../native/sys.h"

void begin_program(const long *stack) {
  (void)stack;
  SC(prctl, PR_SET_NAME, "mkload-kid");
  SC(write, 0, "r", 1);
  SC(close, 0);
  for (;;) SC(ppoll);
}
