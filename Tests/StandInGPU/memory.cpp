#include "memory.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

namespace {

constexpr size_t rim = 256;
constexpr unsigned char rimByte = 0xa5;

std::mutex lock;
/// Bytes by address.
std::map<uint64_t, size_t> pieces;
size_t used = 0;

[[noreturn]] void fail(const char *problem, uint64_t address, const char *what) {
  std::fprintf(stderr, "stand-in GPU: %s at %llx: %s\n", what, (unsigned long long)address,
               problem);
  std::abort();
}

/// Bytes of the whole memory: 1 GiB, or what STAND_IN_GPU_MEMORY says.
size_t capacity() {
  const char *text = std::getenv("STAND_IN_GPU_MEMORY");
  return text ? std::strtoull(text, nullptr, 10) : size_t(1) << 30;
}

}  // namespace

uint64_t take_memory(size_t bytes) {
  std::lock_guard<std::mutex> guard(lock);
  if (used + bytes > capacity()) return 0;
  size_t whole = (bytes + 255) / 256 * 256 + 2 * rim;
  auto *start = static_cast<unsigned char *>(std::aligned_alloc(256, whole));
  if (!start) return 0;
  // All bits set are a NaN, of floats and of doubles.
  std::memset(start, 0xff, whole);
  std::memset(start, rimByte, rim);
  std::memset(start + rim + bytes, rimByte, rim);
  uint64_t address = reinterpret_cast<uint64_t>(start + rim);
  pieces[address] = bytes;
  used += bytes;
  return address;
}

void give_memory(uint64_t address) {
  std::lock_guard<std::mutex> guard(lock);
  auto piece = pieces.find(address);
  if (piece == pieces.end()) fail("not in use", address, "free");
  auto *start = reinterpret_cast<unsigned char *>(address);
  for (size_t index = 0; index < rim; index++) {
    if (start[-1 - static_cast<long>(index)] != rimByte) fail("written before", address, "free");
    if (start[piece->second + index] != rimByte) fail("written behind", address, "free");
  }
  used -= piece->second;
  pieces.erase(piece);
  std::free(start - rim);
}

void require_memory(uint64_t address, size_t bytes, const char *what) {
  std::lock_guard<std::mutex> guard(lock);
  auto piece = pieces.upper_bound(address);
  if (piece == pieces.begin()) fail("no memory in use", address, what);
  --piece;
  if (address + bytes > piece->first + piece->second) fail("beyond its end", address, what);
}
