// Becoming another program in Node's own process: the same pid, parent, terminal and process group, so that whoever waits
// for it, stops it or sends it signals deals with the command. And files in memory, for what that program is given. And to end
// without Node's own end.
#include <linux/fcntl.h>
#include <linux/memfd.h>
#include <linux/mman.h>

#include "addon.h"
#include "arguments.h"

// Of Linux 6.3; headers of before lack them.
#ifndef MFD_EXEC
#define MFD_NOEXEC_SEAL 0x0008U
#define MFD_EXEC 0x0010U
#endif

// A name is only for /proc/PID/maps to show.
static long open_memory(bool executable) {
  const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  long fd = SC(memfd_create, "nsatlas", flags | (executable ? MFD_EXEC : MFD_NOEXEC_SEAL));
  return fd == -EINVAL ? SC(memfd_create, "nsatlas", flags) : fd;
}

static long fill_and_seal(long fd, const unsigned char *bytes, size_t count) {
  while (count) {
    long written = SC(write, fd, bytes, count);
    if (written < 0) return written;
    bytes += written;
    count -= (size_t)written;
  }
  return SC(fcntl, fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

napi_value sys_sealed_memory(napi_env env, napi_callback_info info) {
  napi_value argv[2];
  struct elements content;
  int32_t executable;
  if (!arguments(env, info, 2, argv) || !elements_argument(env, argv[0], "content", napi_uint8_array, 1, &content) ||
      !int32_argument(env, argv[1], "executable", &executable)) {
    return NULL;
  }
  long fd = open_memory(executable != 0);
  if (fd < 0) return number(env, fd);
  long result = fill_and_seal(fd, content.at, content.count);
  if (result >= 0) return number(env, fd);
  SC(close, fd);
  return number(env, result);
}

// The addresses of texts that stand one after the other, each ended by NUL; ended by NULL. -errno where memory lacks.
static long addresses_of(const struct elements *texts, bool skip_empty) {
  char *text = texts->at;
  size_t count = 1;
  for (size_t i = 0; i < texts->count; i++) count += text[i] == '\0';
  long memory = SC(mmap, NULL, count * sizeof(char *), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory < 0 && memory > -4096) return memory;
  char **slots = (char **)memory;
  for (size_t i = 0; i < texts->count; i += strlen(text + i) + 1) {
    if (text[i] != '\0' || !skip_empty) *slots++ = text + i;
  }
  return memory;
}

static bool texts_argument(napi_env env, napi_value value, const char *name, struct elements *into) {
  if (!elements_argument(env, value, name, napi_uint8_array, 1, into)) return false;
  if (((char *)into->at)[into->count - 1] == '\0') return true;
  out_of_range(env, name, "must end with NUL");
  return false;
}

static long set_close_on_exec(const struct elements *fds, long flag) {
  const int32_t *fd = fds->at;
  for (size_t i = 0; i < fds->count; i++) {
    long result = SC(fcntl, fd[i], F_SETFD, flag);
    if (result < 0) return result;
  }
  return 0;
}

// Returns only where it fails; the few pages for the addresses are then lost, and the program is about to end.
napi_value sys_become(napi_env env, napi_callback_info info) {
  napi_value argv[4];
  int32_t program;
  struct elements kept, words, variables;
  if (!arguments(env, info, 4, argv) || !int32_argument(env, argv[0], "program", &program) ||
      !elements_argument(env, argv[1], "kept", napi_int32_array, 0, &kept) ||
      !texts_argument(env, argv[2], "words", &words) || !texts_argument(env, argv[3], "variables", &variables)) {
    return NULL;
  }
  for (size_t i = 0; i < kept.count; i++) {
    // 0, 1 and 2 are never close-on-exec, and shall not be after a refusal.
    if (((int32_t *)kept.at)[i] < 3) return out_of_range(env, "kept", "must be above 2");
  }
  long word_list = addresses_of(&words, false), variable_list = addresses_of(&variables, true);
  if (word_list < 0 && word_list > -4096) return number(env, word_list);
  if (variable_list < 0 && variable_list > -4096) return number(env, variable_list);
  long result = set_close_on_exec(&kept, 0);
  if (result >= 0) result = SC(execveat, program, "", word_list, variable_list, AT_EMPTY_PATH);
  set_close_on_exec(&kept, FD_CLOEXEC);
  return number(env, result);
}

napi_value sys_exit_group(napi_env env, napi_callback_info info) {
  napi_value argv[1];
  int32_t code;
  if (!arguments(env, info, 1, argv) || !int32_argument(env, argv[0], "code", &code)) return NULL;
  // What the kernel would make of another is nothing that anybody asked for.
  if (code < 0 || code > 255) return out_of_range(env, "code", "must be 0 to 255");
  return number(env, SC(exit_group, code));
}
