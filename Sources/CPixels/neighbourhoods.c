#include "include/pixels.h"

#include "cpus.h"

enum { lanes = 32 };

typedef uint8_t byte_vector __attribute__((vector_size(lanes)));
typedef uint16_t sum_vector __attribute__((vector_size(lanes * 2)));
typedef uint32_t product_vector __attribute__((vector_size(lanes * 4)));

// Sums of samples times 256ths that add up to 256 stay below 2^16.
INLINED void sum_bytes(const uint8_t *const source, const ptrdiff_t *distances,
                       const uint16_t *weights, size_t taps, size_t count, uint16_t *target) {
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    sum_vector sum = {0};
    for (size_t tap = 0; tap < taps; tap++) {
      byte_vector bytes;
      memcpy(&bytes, source + distances[tap] + (ptrdiff_t)i, sizeof bytes);
      sum += __builtin_convertvector(bytes, sum_vector) * weights[tap];
    }
    memcpy(target + i, &sum, sizeof sum);
  }
  for (; i < count; i++) {
    uint32_t sum = 0;
    for (size_t tap = 0; tap < taps; tap++) {
      sum += (uint32_t)weights[tap] * source[distances[tap] + (ptrdiff_t)i];
    }
    target[i] = (uint16_t)sum;
  }
}

// Each product loses half of a 256th on average, which the rounding gives back.
INLINED void sum_rows(const uint16_t *const *rows, const uint16_t *weights, size_t taps,
                      size_t count, uint8_t *target) {
  uint16_t rounding = (uint16_t)(128 + taps / 2);
  size_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    sum_vector sum = {0};
    for (size_t tap = 0; tap < taps; tap++) {
      sum_vector values;
      memcpy(&values, rows[tap] + i, sizeof values);
      product_vector products =
          __builtin_convertvector(values, product_vector) * (uint32_t)(weights[tap] << 8);
      sum += __builtin_convertvector(products >> 16, sum_vector);
    }
    sum = __builtin_elementwise_min(sum, (sum_vector){0} + (uint16_t)(65535 - rounding));
    byte_vector bytes = __builtin_convertvector((sum + rounding) >> 8, byte_vector);
    memcpy(target + i, &bytes, sizeof bytes);
  }
  for (; i < count; i++) {
    uint32_t sum = 0;
    for (size_t tap = 0; tap < taps; tap++) {
      sum += ((uint32_t)rows[tap][i] * (uint32_t)(weights[tap] << 8)) >> 16;
    }
    sum = sum < 65535u - rounding ? sum : 65535u - rounding;
    target[i] = (uint8_t)((sum + rounding) >> 8);
  }
}

INLINED ptrdiff_t mirrored(ptrdiff_t position, ptrdiff_t count) {
  if (count == 1) return 0;
  ptrdiff_t period = 2 * (count - 1), phase = position % period;
  if (phase < 0) phase += period;
  return phase < count ? phase : period - phase;
}

INLINED void pad_row(const uint8_t *row, ptrdiff_t width, ptrdiff_t channels, ptrdiff_t radius,
                     uint8_t *padded) {
  memcpy(padded + radius * channels, row, (size_t)(width * channels));
  for (ptrdiff_t i = 1; i <= radius; i++) {
    memcpy(padded + (radius - i) * channels, row + mirrored(-i, width) * channels,
           (size_t)channels);
    memcpy(padded + (radius + width - 1 + i) * channels,
           row + mirrored(width - 1 + i, width) * channels, (size_t)channels);
  }
}

FOR_EACH_CPU
void pixels_blur(pixels_picture source, uint8_t *target, const uint16_t *weights_x,
                 ptrdiff_t radius_x, const uint16_t *weights_y, ptrdiff_t radius_y, void *scratch) {
  enum { most = 256 };
  ptrdiff_t row = source.width * source.channels, ring = 2 * radius_y + 1;
  uint16_t *sums = scratch;
  uint8_t *padded = (uint8_t *)(sums + ring * row);
  ptrdiff_t distances[most];
  const uint16_t *rows[most];
  for (ptrdiff_t tap = 0; tap <= 2 * radius_x; tap++) distances[tap] = tap * source.channels;
  ptrdiff_t done = -1;
  for (ptrdiff_t y = 0; y < source.height; y++) {
    ptrdiff_t last = y + radius_y < source.height ? y + radius_y : source.height - 1;
    for (; done < last;) {
      done++;
      pad_row(source.samples + done * row, source.width, source.channels, radius_x, padded);
      sum_bytes(padded, distances, weights_x, (size_t)(2 * radius_x + 1), (size_t)row,
                sums + done % ring * row);
    }
    for (ptrdiff_t tap = -radius_y; tap <= radius_y; tap++) {
      rows[tap + radius_y] = sums + mirrored(y + tap, source.height) % ring * row;
    }
    sum_rows(rows, weights_y, (size_t)ring, (size_t)row, target + y * row);
  }
}

// Some rows from `top` on with what lies around them, mirrored at the borders of the picture.
INLINED void pad_strip(pixels_picture source, ptrdiff_t top, ptrdiff_t rows, ptrdiff_t radius,
                       uint8_t *strip) {
  ptrdiff_t row = source.width * source.channels, padded = row + 2 * radius * source.channels;
  for (ptrdiff_t y = top - radius; y < top + rows + radius; y++, strip += padded) {
    pad_row(source.samples + mirrored(y, source.height) * row, source.width, source.channels,
            radius, strip);
  }
}

INLINED void gather_row(const uint8_t *source, const ptrdiff_t *distances, const uint16_t *weights,
                        size_t taps, size_t count, uint8_t *target) {
  enum { block = 1024 };
  uint16_t sums[block];
  for (size_t start = 0; start < count; start += block) {
    size_t some = count - start < block ? count - start : block;
    sum_bytes(source + start, distances, weights, taps, some, sums);
    for (size_t i = 0; i < some; i++) {
      target[start + i] = (uint8_t)((sums[i] < 65407 ? sums[i] + 128 : 65535) >> 8);
    }
  }
}

FOR_EACH_CPU
void pixels_gather(pixels_picture source, uint8_t *target, ptrdiff_t radius,
                   const ptrdiff_t *distances, const uint16_t *weights, size_t taps,
                   uint8_t *scratch) {
  ptrdiff_t row = source.width * source.channels, padded = row + 2 * radius * source.channels;
  for (ptrdiff_t top = 0; top < source.height; top += pixels_strip) {
    ptrdiff_t left = source.height - top, rows = left < pixels_strip ? left : pixels_strip;
    pad_strip(source, top, rows, radius, scratch);
    for (ptrdiff_t y = 0; y < rows; y++) {
      gather_row(scratch + y * padded, distances, weights, taps, (size_t)row,
                 target + (top + y) * row);
    }
  }
}

INLINED float ringed(const uint8_t *at, ptrdiff_t row, ptrdiff_t step, float centre, float ring) {
  int sum = at[-row - step] + at[-row] + at[-row + step] + at[-step] + at[0] + at[step] +
            at[row - step] + at[row] + at[row + step];
  float level = centre * (float)at[0] + ring * (float)sum + 0.5f;
  level = level > 0 ? level : 0;
  return level < 255 ? level : 255;
}

INLINED void ring_row(const uint8_t *source, ptrdiff_t row, ptrdiff_t step, ptrdiff_t count,
                      float centre, float ring, uint8_t *restrict target) {
  for (ptrdiff_t i = 0; i < count; i++) {
    target[i] = (uint8_t)(int)ringed(source + i, row, step, centre, ring);
  }
}

FOR_EACH_CPU
void pixels_ring(pixels_picture source, uint8_t *target, float centre, float ring,
                 uint8_t *scratch) {
  ptrdiff_t step = source.channels, row = source.width * step, padded = row + 2 * step;
  for (ptrdiff_t top = 0; top < source.height; top += pixels_strip) {
    ptrdiff_t left = source.height - top, rows = left < pixels_strip ? left : pixels_strip;
    pad_strip(source, top, rows, 1, scratch);
    for (ptrdiff_t y = 0; y < rows; y++) {
      ring_row(scratch + (y + 1) * padded + step, padded, step, row, centre, ring,
               target + (top + y) * row);
    }
  }
}
