#include "include/pixels.h"

#include "cpus.h"

INLINED void look_up(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels,
                     const uint8_t *tables) {
  for (size_t i = 0; i < pixels; i++, source += channels, target += channels) {
    for (size_t c = 0; c < channels; c++) target[c] = tables[256 * c + source[c]];
  }
}

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

// Sixteen levels at a time for every sixteenth of the table, then the right one of each pair by the
// bits of the level. The samples that are left over are not counted.
__attribute__((target("avx2"))) static size_t look_up__avx2(const uint8_t *source, uint8_t *target,
                                                            size_t count, const uint8_t *table) {
  __m256i parts[16], low = _mm256_set1_epi8(15);
  for (size_t part = 0; part < 16; part++) {
    parts[part] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(table + 16 * part)));
  }
  size_t i = 0;
  for (; i + 32 <= count; i += 32) {
    __m256i levels = _mm256_loadu_si256((const __m256i *)(source + i));
    __m256i within = _mm256_and_si256(levels, low), found[16];
    for (size_t part = 0; part < 16; part++) found[part] = _mm256_shuffle_epi8(parts[part], within);
    // The highest bit of each byte chooses: bits 4 to 7 of the level come there in turn.
    for (int bit = 4; bit < 8; bit++) {
      __m256i choice = _mm256_slli_epi16(levels, 7 - bit);
      for (int pair = 0; pair < 128 >> bit; pair++) {
        found[pair] = _mm256_blendv_epi8(found[2 * pair], found[2 * pair + 1], choice);
      }
    }
    _mm256_storeu_si256((__m256i *)(target + i), found[0]);
  }
  return i;
}

__attribute__((target("avx512vbmi,avx512bw"))) static size_t
look_up__avx512(const uint8_t *source, uint8_t *target, size_t count, const uint8_t *table) {
  __m512i parts[4];
  for (size_t part = 0; part < 4; part++) parts[part] = _mm512_loadu_si512(table + 64 * part);
  size_t i = 0;
  for (; i + 64 <= count; i += 64) {
    __m512i levels = _mm512_loadu_si512(source + i);
    __m512i dark = _mm512_permutex2var_epi8(parts[0], levels, parts[1]);
    __m512i bright = _mm512_permutex2var_epi8(parts[2], levels, parts[3]);
    __m512i found = _mm512_mask_blend_epi8(_mm512_movepi8_mask(levels), dark, bright);
    _mm512_storeu_si512(target + i, found);
  }
  return i;
}

// How many of the first samples were looked up.
static size_t look_up_vectors(const uint8_t *source, uint8_t *target, size_t count,
                              const uint8_t *table) {
  if (__builtin_cpu_supports("avx512vbmi")) return look_up__avx512(source, target, count, table);
  if (__builtin_cpu_supports("avx2")) return look_up__avx2(source, target, count, table);
  return 0;
}
#else
static size_t look_up_vectors(const uint8_t *source, uint8_t *target, size_t count,
                              const uint8_t *table) {
  (void)source, (void)target, (void)count, (void)table;
  return 0;
}
#endif

void pixels_look_up(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels,
                    const uint8_t *tables) {
  if (channels == 1) {
    size_t done = look_up_vectors(source, target, pixels, tables);
    source += done, target += done, pixels -= done;
  }
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
