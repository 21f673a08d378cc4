#include "include/pixels.h"

#include "cpus.h"

INLINED void look_up(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels,
                     const uint8_t *tables) {
  for (size_t i = 0; i < pixels; i++, source += channels, target += channels) {
    for (size_t c = 0; c < channels; c++) target[c] = tables[256 * c + source[c]];
  }
}

void pixels_look_up(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels,
                    const uint8_t *tables) {
#define CALL(constant) look_up(source, target, pixels, constant, tables)
  FOR_CHANNELS(channels, CALL)
#undef CALL
}

// Neighbours often have equal levels: counting them in turn in two tables keeps one increment from
// waiting for the last.
INLINED void count(const uint8_t *source, size_t pixels, size_t channels, uint32_t *counts) {
  uint32_t odd[4 * 256] = {0};
  size_t i = 0;
  for (; i + 2 <= pixels; i += 2, source += 2 * channels) {
    for (size_t c = 0; c < channels; c++) {
      counts[256 * c + source[c]]++;
      odd[256 * c + source[channels + c]]++;
    }
  }
  if (i < pixels) {
    for (size_t c = 0; c < channels; c++) counts[256 * c + source[c]]++;
  }
  for (size_t level = 0; level < 256 * channels; level++) counts[level] += odd[level];
}

void pixels_count(const uint8_t *source, size_t pixels, size_t channels, uint32_t *counts) {
  memset(counts, 0, 256 * channels * sizeof *counts);
#define CALL(constant) count(source, pixels, constant, counts)
  FOR_CHANNELS(channels, CALL)
#undef CALL
}

FOR_EACH_CPU
void pixels_blend(const uint8_t *a, const uint8_t *b, uint8_t *target, size_t pixels,
                  size_t channels, size_t mixed, int weight) {
  size_t samples = pixels * channels;
  for (size_t i = 0; i < samples; i++) {
    int level = a[i] * (256 - weight) + b[i] * weight;
    target[i] = (uint8_t)((level + 128) >> 8);
  }
  if (mixed == channels) return;
  for (size_t i = 0; i < samples; i += channels) {
    for (size_t c = mixed; c < channels; c++) target[i + c] = a[i + c];
  }
}
