#include "image_codecs.h"

#include <string.h>

// One source for all CPUs: the compiler makes an AVX2 version beside the portable one where the
// loader can choose between them.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_CPU __attribute__((target_clones("avx2", "default")))
#else
#define FOR_EACH_CPU
#endif

enum { fraction_bits = 22, lanes = 8, wide_lanes = 32 };

typedef uint8_t byte_vector __attribute__((vector_size(lanes)));
typedef int32_t sum_vector __attribute__((vector_size(lanes * 4)));
typedef uint8_t wide_byte_vector __attribute__((vector_size(wide_lanes)));
typedef int32_t wide_sum_vector __attribute__((vector_size(wide_lanes * 4)));

// The nearest level, in 0...255, of a sum that started at one half.
#define LEVELS(sum, sums, bytes)                                                                   \
  __builtin_convertvector(                                                                         \
      __builtin_elementwise_min(__builtin_elementwise_max((sum) >> fraction_bits, (sums){0}),      \
                                (sums){0} + 255),                                                  \
      bytes)

// What is inlined with a constant number of channels is unrolled over them.
#define INLINED static inline __attribute__((always_inline))

// Gathers `rows` rows in lanes: lane r * slot + c of pixel x is channel c of row r.
INLINED void pack(const uint8_t *source, size_t width, size_t channels, size_t rows, size_t slot,
                  uint8_t *packed) {
  for (size_t r = 0; r < rows; r++) {
    const uint8_t *from = source + r * width * channels;
    uint8_t *to = packed + r * slot;
    for (size_t x = 0; x < width; x++, from += channels, to += lanes) {
      for (size_t c = 0; c < channels; c++) to[c] = from[c];
    }
  }
}

// From packed rows to `rows` rows of the target.
INLINED void resample_packed(const uint8_t *packed, uint8_t *target, size_t width, size_t channels,
                             size_t rows, size_t slot, resample_taps taps) {
  for (size_t x = 0; x < width; x++) {
    const uint8_t *from = packed + (size_t)taps.starts[x] * lanes;
    const int32_t *weights = taps.weights + x * taps.stride;
    sum_vector sum = {0};
    sum += 1 << (fraction_bits - 1);
    for (int32_t tap = 0; tap < taps.counts[x]; tap++, from += lanes) {
      byte_vector bytes;
      memcpy(&bytes, from, sizeof bytes);
      sum += __builtin_convertvector(bytes, sum_vector) * weights[tap];
    }
    byte_vector vector = LEVELS(sum, sum_vector, byte_vector);
    uint8_t levels[lanes];
    memcpy(levels, &vector, sizeof vector);
    for (size_t r = 0; r < rows; r++) {
      memcpy(target + (r * width + x) * channels, levels + r * slot, channels);
    }
  }
}

INLINED void resample_each(const uint8_t *source, size_t source_width, uint8_t *target,
                           size_t width, size_t height, size_t channels, resample_taps taps,
                           uint8_t *scratch) {
  size_t slot = channels == 3 ? 4 : channels, group = lanes / slot;
  memset(scratch, 0, lanes * source_width);
  size_t y = 0;
  for (; y + group <= height; y += group) {
    pack(source + y * source_width * channels, source_width, channels, group, slot, scratch);
    resample_packed(scratch, target + y * width * channels, width, channels, group, slot, taps);
  }
  if (y == height) return;
  pack(source + y * source_width * channels, source_width, channels, height - y, slot, scratch);
  resample_packed(scratch, target + y * width * channels, width, channels, height - y, slot, taps);
}

FOR_EACH_CPU
void resample_rows(const uint8_t *source, size_t source_width, uint8_t *target, size_t width,
                   size_t height, size_t channels, resample_taps taps, uint8_t *scratch) {
  switch (channels) {
  case 1:
    resample_each(source, source_width, target, width, height, 1, taps, scratch);
    break;
  case 2:
    resample_each(source, source_width, target, width, height, 2, taps, scratch);
    break;
  case 3:
    resample_each(source, source_width, target, width, height, 3, taps, scratch);
    break;
  case 4:
    resample_each(source, source_width, target, width, height, 4, taps, scratch);
    break;
  }
}

FOR_EACH_CPU
void resample_columns(const uint8_t *source, uint8_t *target, size_t row, size_t height,
                      resample_taps taps) {
  for (size_t y = 0; y < height; y++, target += row) {
    const uint8_t *first = source + (size_t)taps.starts[y] * row;
    const int32_t *weights = taps.weights + y * taps.stride;
    size_t x = 0;
    for (; x + wide_lanes <= row; x += wide_lanes) {
      wide_sum_vector sum = {0};
      sum += 1 << (fraction_bits - 1);
      for (int32_t tap = 0; tap < taps.counts[y]; tap++) {
        wide_byte_vector bytes;
        memcpy(&bytes, first + (size_t)tap * row + x, sizeof bytes);
        sum += __builtin_convertvector(bytes, wide_sum_vector) * weights[tap];
      }
      wide_byte_vector levels = LEVELS(sum, wide_sum_vector, wide_byte_vector);
      memcpy(target + x, &levels, sizeof levels);
    }
    for (; x < row; x++) {
      int32_t sum = 1 << (fraction_bits - 1);
      for (int32_t tap = 0; tap < taps.counts[y]; tap++) {
        sum += first[(size_t)tap * row + x] * weights[tap];
      }
      int32_t level = sum >> fraction_bits;
      target[x] = (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
    }
  }
}
