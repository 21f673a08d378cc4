// The functions of NVRTC, NVIDIA's compiler of kernels at run time, as a table to be filled.
#pragma once

#include "cuda_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define NVRTC_FUNCTIONS(F)                                                                        \
  F(nvrtcResult, nvrtcVersion, (int *major, int *minor))                                          \
  F(const char *, nvrtcGetErrorString, (nvrtcResult status))                                      \
  F(nvrtcResult, nvrtcCreateProgram,                                                              \
    (nvrtcProgram * program, const char *source, const char *name, int headerCount,               \
     const char *const *headers, const char *const *includeNames))                                \
  F(nvrtcResult, nvrtcCompileProgram,                                                             \
    (nvrtcProgram program, int optionCount, const char *const *options))                          \
  F(nvrtcResult, nvrtcGetProgramLogSize, (nvrtcProgram program, size_t *bytes))                   \
  F(nvrtcResult, nvrtcGetProgramLog, (nvrtcProgram program, char *log))                           \
  F(nvrtcResult, nvrtcGetCUBINSize, (nvrtcProgram program, size_t *bytes))                        \
  F(nvrtcResult, nvrtcGetCUBIN, (nvrtcProgram program, char *code))                               \
  F(nvrtcResult, nvrtcDestroyProgram, (nvrtcProgram * program))

#define NVRTC_MEMBER(Result, name, arguments) Result(*name) arguments;
/// NVRTC's functions.
typedef struct nvrtc_compiler {
  NVRTC_FUNCTIONS(NVRTC_MEMBER)
} nvrtc_compiler;

/// Finds the functions in an opened library.
///
/// Returns NULL, or the name of the first function that the library lacks.
const char *nvrtc_compiler_bind(nvrtc_compiler *table, void *library);

#ifdef __cplusplus
}
#endif
