#include "include/pixels.h"

#include "cpus.h"

// SplitMix64: each 64 bits hold four random numbers of sixteen.
typedef struct {
  uint64_t state, bits;
  int left;
} random_levels;

INLINED uint32_t next(random_levels *random) {
  if (random->left == 0) {
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    random->bits = z ^ (z >> 31);
    random->left = 4;
  }
  uint32_t number = random->bits & (pixels_noise_levels - 1);
  random->bits >>= 16;
  random->left--;
  return number;
}

INLINED uint8_t added(uint8_t sample, int16_t noise) {
  int level = sample + noise;
  level = level > 0 ? level : 0;
  return (uint8_t)(level < 255 ? level : 255);
}

INLINED void add(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels,
                 size_t changed, const int16_t *noise, int shared, uint64_t seed) {
  random_levels random = {.state = seed};
  for (size_t i = 0; i < pixels; i++, source += channels, target += channels) {
    if (shared) {
      int16_t same = noise[next(&random)];
      for (size_t c = 0; c < changed; c++) target[c] = added(source[c], same);
    } else {
      for (size_t c = 0; c < changed; c++) target[c] = added(source[c], noise[next(&random)]);
    }
    for (size_t c = changed; c < channels; c++) target[c] = source[c];
  }
}

void pixels_add_noise(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels,
                      const int16_t *noise, int shared, uint64_t seed) {
#define CALL(constant)                                                                             \
  add(source, target, pixels, constant, (constant) < 3 ? 1 : 3, noise, shared, seed)
  FOR_CHANNELS(channels, CALL)
#undef CALL
}
