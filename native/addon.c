// The module that Node loads. It has no globals that change, so every worker can load it.
#include "addon.h"

#include "sys.h"

static const struct {
  const char *name;
  napi_callback function;
} FUNCTIONS[] = {
    {"openat", sys_openat},         {"close", sys_close},
    {"fstat", sys_fstat},           {"fstatfs", sys_fstatfs},
    {"readlinkat", sys_readlinkat}, {"fcntl", sys_fcntl},
    {"ioctl", sys_ioctl},           {"ioctlValue", sys_ioctl_value},
    {"pipe2", sys_pipe2},           {"pidfdOpen", sys_pidfd_open},
    {"pidfdProbe", sys_pidfd_probe}, {"askSocket", sys_ask_socket},
    {"openSocketNamespace", sys_open_socket_namespace},
    {"ownNetnsCookie", sys_own_netns_cookie}, {"scanProc", scan_proc},
    {"netnsid", sys_netnsid},
    {"openat2", sys_openat2},       {"statmount", sys_statmount},
    {"listmount", sys_listmount},     {"sealedMemory", sys_sealed_memory},
    {"become", sys_become},           {"exitGroup", sys_exit_group},   {"messagePair", sys_message_pair},
    {"receiveDescriptor", sys_receive_descriptor},         {"listns", sys_listns},
    {"openByHandleAt", sys_open_by_handle_at},
    {"openLinks", open_links},        {"sameStill", same_still},
    {"mountTables", mount_tables},
};

NAPI_MODULE_INIT() {
  for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++) {
    napi_value function;
    if (napi_create_function(env, FUNCTIONS[i].name, NAPI_AUTO_LENGTH, FUNCTIONS[i].function, NULL, &function) ||
        napi_set_named_property(env, exports, FUNCTIONS[i].name, function)) {
      return NULL;
    }
  }
  return exports;
}
