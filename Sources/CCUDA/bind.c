#include <dlfcn.h>

#include "cuda_driver.h"
#include "cudnn_graph.h"
#include "nvrtc_compiler.h"

// NVIDIA's enumerations are ints, its handles pointers, and addresses on a device have 64 bits.
_Static_assert(sizeof(CUresult) == 4 && sizeof(CUdevice) == 4, "32 bits");
_Static_assert(sizeof(CUdeviceptr) == 8 && sizeof(CUcontext) == 8, "64 bits");

#define CHECK_PLACE(type, member, place) \
  _Static_assert(offsetof(type, member) == (place), #type "." #member);
CUDA_PLACES(CHECK_PLACE)

// A table is nothing but function pointers, in the order of its list.
#define CHECK_SIZE(table, count) \
  _Static_assert(sizeof(table) == (count) * sizeof(void *), "a function pointer for each name")

#define NAME(Result, name, arguments) #name,

static const char *bind_names(void **functions, const char *const *names, size_t count,
                              void *library) {
  for (size_t index = 0; index < count; index++) {
    functions[index] = dlsym(library, names[index]);
    if (!functions[index]) return names[index];
  }
  return NULL;
}

#define DEFINE_BIND(table, LIST)                                                  \
  static const char *const table##_names[] = {LIST(NAME)};                        \
  CHECK_SIZE(table, sizeof table##_names / sizeof *table##_names);                \
  const char *table##_bind(table *functions, void *library) {                     \
    return bind_names((void **)functions, table##_names,                          \
                      sizeof table##_names / sizeof *table##_names, library);     \
  }

DEFINE_BIND(cuda_driver, CUDA_DRIVER_FUNCTIONS)
DEFINE_BIND(nvrtc_compiler, NVRTC_FUNCTIONS)
DEFINE_BIND(cudnn_graph, CUDNN_GRAPH_FUNCTIONS)
