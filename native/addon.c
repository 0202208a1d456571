/* The module that Node loads: its functions are in the files beside this one. */
#include <node_api.h>

NAPI_MODULE_INIT() {
  (void)env;
  return exports;
}
