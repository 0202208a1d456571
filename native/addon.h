// The functions that JavaScript sees; src/kernel/live/native.ts describes each.
#ifndef NSATLAS_ADDON_H
#define NSATLAS_ADDON_H

#include <node_api.h>

// calls.c
napi_value sys_openat(napi_env env, napi_callback_info info);
napi_value sys_close(napi_env env, napi_callback_info info);
napi_value sys_fstat(napi_env env, napi_callback_info info);
napi_value sys_fstatfs(napi_env env, napi_callback_info info);
napi_value sys_readlinkat(napi_env env, napi_callback_info info);
napi_value sys_fcntl(napi_env env, napi_callback_info info);
napi_value sys_pipe2(napi_env env, napi_callback_info info);
napi_value sys_pidfd_probe(napi_env env, napi_callback_info info);
napi_value sys_pidfd_open(napi_env env, napi_callback_info info);
napi_value sys_openat2(napi_env env, napi_callback_info info);
// mounts.c
napi_value sys_statmount(napi_env env, napi_callback_info info);
napi_value sys_listmount(napi_env env, napi_callback_info info);
// listing.c
napi_value sys_listns(napi_env env, napi_callback_info info);
napi_value sys_open_by_handle_at(napi_env env, napi_callback_info info);
// sockets.c
napi_value sys_ask_socket(napi_env env, napi_callback_info info);
napi_value sys_open_socket_namespace(napi_env env, napi_callback_info info);
napi_value sys_own_netns_cookie(napi_env env, napi_callback_info info);
// netnsid.c
napi_value sys_netnsid(napi_env env, napi_callback_info info);
// ioctl.c
napi_value sys_ioctl(napi_env env, napi_callback_info info);
napi_value sys_ioctl_value(napi_env env, napi_callback_info info);
// replace.c
napi_value sys_sealed_memory(napi_env env, napi_callback_info info);
napi_value sys_become(napi_env env, napi_callback_info info);
napi_value sys_exit_group(napi_env env, napi_callback_info info);
// rights.c
napi_value sys_message_pair(napi_env env, napi_callback_info info);
napi_value sys_receive_descriptor(napi_env env, napi_callback_info info);
// scan-work.c
napi_value scan_proc(napi_env env, napi_callback_info info);
// open-links.c
napi_value open_links(napi_env env, napi_callback_info info);
// same-still.c
napi_value same_still(napi_env env, napi_callback_info info);
// mount-tables.c
napi_value mount_tables(napi_env env, napi_callback_info info);

#endif
