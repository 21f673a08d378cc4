#include "image_codecs.h"

#include <string.h>

// One source for all CPUs: the compiler makes an AVX2 version beside the portable one where the
// loader can choose between them.
#if defined(__x86_64__) && defined(__linux__)
#define FOR_EACH_CPU __attribute__((target_clones("avx2", "default")))
#else
#define FOR_EACH_CPU
#endif

enum { fraction_bits = 22, lanes = 32, side = 16 };

typedef uint8_t byte_vector __attribute__((vector_size(lanes)));
typedef int32_t sum_vector __attribute__((vector_size(lanes * 4)));
typedef uint8_t square_row __attribute__((vector_size(side)));

#define INLINED static inline __attribute__((always_inline))

// The nearest level, in 0...255, of a sum that started at one half.
INLINED uint8_t level_of(int32_t sum) {
  int32_t level = sum >> fraction_bits;
  return (uint8_t)(level < 0 ? 0 : level > 255 ? 255 : level);
}

// Weighted sums of `taps` rows, `distance` samples apart.
INLINED void sum_rows(const uint8_t *source, size_t distance, const int32_t *weights, int32_t taps,
                      size_t count, uint8_t *target) {
  const int32_t half = 1 << (fraction_bits - 1);
  size_t x = 0;
  for (; x + lanes <= count; x += lanes) {
    sum_vector sum = (sum_vector){0} + half;
    for (int32_t tap = 0; tap < taps; tap++) {
      byte_vector bytes;
      memcpy(&bytes, source + (size_t)tap * distance + x, sizeof bytes);
      sum += __builtin_convertvector(bytes, sum_vector) * weights[tap];
    }
    sum = __builtin_elementwise_max(sum >> fraction_bits, (sum_vector){0});
    sum = __builtin_elementwise_min(sum, (sum_vector){0} + 255);
    byte_vector levels = __builtin_convertvector(sum, byte_vector);
    memcpy(target + x, &levels, sizeof levels);
  }
  for (; x < count; x++) {
    int32_t sum = half;
    for (int32_t tap = 0; tap < taps; tap++) {
      sum += source[(size_t)tap * distance + x] * weights[tap];
    }
    target[x] = level_of(sum);
  }
}

// Rows and columns of a square swapped: in each of four rounds, rows half of the square apart are
// woven into two neighbours.
INLINED void swap_square(const uint8_t *source, size_t row, uint8_t *target, size_t target_row) {
  square_row from[side], to[side];
  for (size_t i = 0; i < side; i++) memcpy(&from[i], source + i * row, side);
  for (int round = 0; round < 4; round++) {
    for (size_t i = 0; i < side / 2; i++) {
      to[2 * i] = __builtin_shufflevector(from[i], from[i + side / 2], 0, 16, 1, 17, 2, 18, 3, 19,
                                          4, 20, 5, 21, 6, 22, 7, 23);
      to[2 * i + 1] = __builtin_shufflevector(from[i], from[i + side / 2], 8, 24, 9, 25, 10, 26, 11,
                                              27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    memcpy(from, to, sizeof from);
  }
  for (size_t i = 0; i < side; i++) memcpy(target + i * target_row, &from[i], side);
}

// Rows and columns of samples swapped.
INLINED void swap_sides(const uint8_t *source, size_t row, size_t height, size_t width,
                        uint8_t *target, size_t target_row) {
  size_t squares_x = width / side * side, squares_y = height / side * side;
  for (size_t y = 0; y < squares_y; y += side) {
    for (size_t x = 0; x < squares_x; x += side) {
      swap_square(source + y * row + x, row, target + x * target_row + y, target_row);
    }
  }
  for (size_t y = 0; y < height; y++) {
    for (size_t x = y < squares_y ? squares_x : 0; x < width; x++) {
      target[x * target_row + y] = source[y * row + x];
    }
  }
}

// Some rows at a time are laid on their side, so that sums along them become sums of rows.
FOR_EACH_CPU
void resample_rows(const uint8_t *source, size_t source_width, uint8_t *target, size_t width,
                   size_t height, size_t channels, resample_taps taps, uint8_t *scratch) {
  size_t source_row = source_width * channels, row = width * channels;
  uint8_t *made = scratch + source_row * lanes;
  for (size_t y = 0; y < height; y += lanes) {
    size_t rows = height - y < lanes ? height - y : lanes;
    swap_sides(source + y * source_row, source_row, rows, source_row, scratch, lanes);
    for (size_t x = 0; x < width; x++) {
      const uint8_t *first = scratch + (size_t)taps.starts[x] * channels * lanes;
      const int32_t *weights = taps.weights + x * taps.stride;
      for (size_t c = 0; c < channels; c++) {
        sum_rows(first + c * lanes, channels * lanes, weights, taps.counts[x], lanes,
                 made + (x * channels + c) * lanes);
      }
    }
    swap_sides(made, lanes, row, rows, target + y * row, row);
  }
}

FOR_EACH_CPU
void resample_columns(const uint8_t *source, uint8_t *target, size_t row, size_t height,
                      resample_taps taps) {
  for (size_t y = 0; y < height; y++) {
    sum_rows(source + (size_t)taps.starts[y] * row, row, taps.weights + y * taps.stride,
             taps.counts[y], row, target + y * row);
  }
}
