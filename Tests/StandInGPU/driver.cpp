// A driver and a compiler that run kernels on the processor, in the order of the calls: at once, or
// whenever the graph is launched that captured them.
//
// STAND_IN_GPU makes them fail: `none` is a machine whose driver sees no GPU, `old` a driver of
// CUDA 11.4, `graphless` one that makes no graphs; `turing` is a GPU of compute capability 7.5.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "cuda_driver.h"
#include "kernels.h"
#include "memory.h"
#include "nvrtc_compiler.h"
#include "streams.h"

namespace {

bool is(const char *fault) {
  const char *asked = std::getenv("STAND_IN_GPU");
  return asked && !std::strcmp(asked, fault);
}

/// What the compiler makes: this, and the text, which the module then has functions of.
const char mark[] = "stand-in machine code for ";

}  // namespace

// Handles are never looked into, but must be the ones that were handed out.
static int context, pool;
static thread_local bool isCurrent = false;

#define REQUIRE_CURRENT \
  if (!isCurrent) return 201

extern "C" {

CUresult cuInit(unsigned) { return is("none") ? CUDA_ERROR_NO_DEVICE : CUDA_SUCCESS; }

CUresult cuDriverGetVersion(int *version) {
  *version = is("old") ? 11040 : 13000;
  return CUDA_SUCCESS;
}

CUresult cuGetErrorString(CUresult status, const char **text) {
  *text = status == CUDA_ERROR_OUT_OF_MEMORY ? "out of memory" : "an error of the stand-in";
  return CUDA_SUCCESS;
}

CUresult cuDeviceGetCount(int *count) {
  *count = 1;
  return CUDA_SUCCESS;
}

CUresult cuDeviceGet(CUdevice *device, int ordinal) {
  *device = ordinal;
  return ordinal == 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

CUresult cuDeviceGetName(char *name, int length, CUdevice) {
  std::snprintf(name, length, "stand-in GPU");
  return CUDA_SUCCESS;
}

CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice) {
  *bytes = size_t(1) << 30;
  return CUDA_SUCCESS;
}

CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice) {
  switch (attribute) {
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: *value = is("turing") ? 7 : 9; break;
    case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: *value = is("turing") ? 5 : 0; break;
    case CU_DEVICE_ATTRIBUTE_MEMORY_POOLS_SUPPORTED: *value = 1; break;
    default: return 1;
  }
  return CUDA_SUCCESS;
}

CUresult cuDevicePrimaryCtxRetain(CUcontext *result, CUdevice) {
  *result = reinterpret_cast<CUcontext>(&context);
  return CUDA_SUCCESS;
}

CUresult cuCtxSetCurrent(CUcontext asked) {
  isCurrent = asked == reinterpret_cast<CUcontext>(&context);
  return isCurrent ? CUDA_SUCCESS : 201;
}

CUresult cuMemGetInfo_v2(size_t *free, size_t *total) {
  *free = 0;
  *total = size_t(1) << 30;
  return CUDA_SUCCESS;
}

CUresult cuDeviceGetDefaultMemPool(CUmemoryPool *result, CUdevice) {
  *result = reinterpret_cast<CUmemoryPool>(&pool);
  return CUDA_SUCCESS;
}

CUresult cuMemPoolSetAttribute(CUmemoryPool, CUmemPool_attribute attribute, void *) {
  return attribute == CU_MEMPOOL_ATTR_RELEASE_THRESHOLD ? CUDA_SUCCESS : 1;
}

CUresult cuMemAllocAsync(CUdeviceptr *address, size_t bytes, CUstream) {
  REQUIRE_CURRENT;
  REQUIRE_NO_CAPTURE;
  *address = take_memory(bytes);
  return *address ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

CUresult cuMemFreeAsync(CUdeviceptr address, CUstream) {
  REQUIRE_CURRENT;
  REQUIRE_NO_CAPTURE;
  give_memory(address);
  return CUDA_SUCCESS;
}

CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr target, const void *source, size_t bytes, CUstream) {
  REQUIRE_CURRENT;
  REQUIRE_NO_CAPTURE;
  require_memory(target, bytes, "upload");
  std::memcpy(reinterpret_cast<void *>(target), source, bytes);
  return CUDA_SUCCESS;
}

CUresult cuMemcpyDtoHAsync_v2(void *target, CUdeviceptr source, size_t bytes, CUstream) {
  REQUIRE_CURRENT;
  REQUIRE_NO_CAPTURE;
  require_memory(source, bytes, "download");
  std::memcpy(target, reinterpret_cast<const void *>(source), bytes);
  return CUDA_SUCCESS;
}

CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr target, CUdeviceptr source, size_t bytes,
                              CUstream stream) {
  REQUIRE_CURRENT;
  return submit(stream, [=] {
    require_memory(source, bytes, "copy from");
    require_memory(target, bytes, "copy to");
    std::memcpy(reinterpret_cast<void *>(target), reinterpret_cast<const void *>(source), bytes);
  });
}

CUresult cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned, CUjit_option *,
                            void **) {
  REQUIRE_CURRENT;
  REQUIRE_NO_CAPTURE;
  if (std::memcmp(image, mark, sizeof mark - 1)) return CUDA_ERROR_INVALID_IMAGE;
  *module = reinterpret_cast<CUmodule>(new std::string(static_cast<const char *>(image)));
  return CUDA_SUCCESS;
}

CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
  const auto &text = *reinterpret_cast<const std::string *>(module);
  bool isThere = text.find("void " + std::string(name) + "(") != std::string::npos;
  const Kernel *kernel = find_kernel(name);
  if (!isThere || !kernel) return CUDA_ERROR_NOT_FOUND;
  *function = reinterpret_cast<CUfunction>(const_cast<Kernel *>(kernel));
  return CUDA_SUCCESS;
}

CUresult cuLaunchKernel(CUfunction function, unsigned gridX, unsigned gridY, unsigned gridZ,
                        unsigned blockX, unsigned blockY, unsigned blockZ, unsigned,
                        CUstream stream, void **parameters, void **) {
  REQUIRE_CURRENT;
  bool fits = gridX > 0 && gridY > 0 && gridZ > 0 && gridY < 65536 && gridZ < 65536 &&
              blockX * blockY * blockZ <= 1024 && blockZ == 1;
  if (!fits) return 1;
  const auto &kernel = *reinterpret_cast<const Kernel *>(function);
  if (is_only_traced(kernel.name)) return CUDA_SUCCESS;
  Index grid{gridX, gridY, gridZ}, block{blockX, blockY, blockZ};
  return submit(stream, [&kernel, grid, block, thread = kernel.bind(parameters)] {
    run_kernel(kernel, grid, block, thread);
  });
}

nvrtcResult nvrtcVersion(int *major, int *minor) {
  *major = 13;
  *minor = 0;
  return 0;
}

const char *nvrtcGetErrorString(nvrtcResult) { return "an error of the stand-in"; }

nvrtcResult nvrtcCreateProgram(nvrtcProgram *program, const char *source, const char *, int,
                               const char *const *, const char *const *) {
  *program = reinterpret_cast<nvrtcProgram>(new std::string(source));
  return 0;
}

nvrtcResult nvrtcCompileProgram(nvrtcProgram program, int optionCount,
                                const char *const *options) {
  const char *wanted = is("turing") ? "--gpu-architecture=sm_75" : "--gpu-architecture=sm_90";
  for (int index = 0; index < optionCount; index++) {
    if (std::strcmp(options[index], wanted)) continue;
    auto &text = *reinterpret_cast<std::string *>(program);
    text = mark + text;
    return 0;
  }
  return 5;
}

nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram, size_t *bytes) {
  *bytes = 1;
  return 0;
}

nvrtcResult nvrtcGetProgramLog(nvrtcProgram, char *log) {
  *log = 0;
  return 0;
}

nvrtcResult nvrtcGetCUBINSize(nvrtcProgram program, size_t *bytes) {
  *bytes = reinterpret_cast<const std::string *>(program)->size() + 1;
  return 0;
}

nvrtcResult nvrtcGetCUBIN(nvrtcProgram program, char *code) {
  const auto &text = *reinterpret_cast<const std::string *>(program);
  std::memcpy(code, text.c_str(), text.size() + 1);
  return 0;
}

nvrtcResult nvrtcDestroyProgram(nvrtcProgram *program) {
  delete reinterpret_cast<std::string *>(*program);
  *program = nullptr;
  return 0;
}
}
