#include "include/pixels.h"

#include "cpus.h"
#include "triples.h"

enum { block = 256, group = 16 };

typedef float float_vector __attribute__((vector_size(group * 4)));
typedef int32_t integer_vector __attribute__((vector_size(group * 4)));

typedef struct {
  float red[block], green[block], blue[block];
} colors;

INLINED float clamped(float level) {
  level = level > 0 ? level : 0;
  return level < 255 ? level : 255;
}

INLINED void widen(level_vector levels, float *to) {
  float_vector wide = __builtin_convertvector(levels, float_vector);
  memcpy(to, &wide, sizeof wide);
}

INLINED level_vector rounded(const float *from) {
  float_vector wide;
  memcpy(&wide, from, sizeof wide);
  integer_vector whole = __builtin_convertvector(wide + 0.5f, integer_vector);
  return __builtin_convertvector(whole, level_vector);
}

INLINED void unpack(const uint8_t *source, size_t count, size_t channels, colors *to) {
  size_t second = channels < 3 ? 0 : 1, third = channels < 3 ? 0 : 2, i = 0;
  if (channels == 3) {
    for (; i + group <= count; i += group, source += 3 * group) {
      triples some = load_triples(source);
      widen(some.red, to->red + i);
      widen(some.green, to->green + i);
      widen(some.blue, to->blue + i);
    }
  }
  for (; i < count; i++, source += channels) {
    to->red[i] = (float)source[0];
    to->green[i] = (float)source[second];
    to->blue[i] = (float)source[third];
  }
}

INLINED void pack(const colors *from, size_t count, size_t channels, const uint8_t *source,
                  uint8_t *target) {
  size_t i = 0;
  if (channels == 3) {
    for (; i + group <= count; i += group, source += 3 * group, target += 3 * group) {
      triples some = {rounded(from->red + i), rounded(from->green + i), rounded(from->blue + i)};
      store_triples(some, target);
    }
  }
  for (; i < count; i++, source += channels, target += channels) {
    target[0] = (uint8_t)(int)(from->red[i] + 0.5f);
    if (channels >= 3) {
      target[1] = (uint8_t)(int)(from->green[i] + 0.5f);
      target[2] = (uint8_t)(int)(from->blue[i] + 0.5f);
    }
    if (channels == 2 || channels == 4) target[channels - 1] = source[channels - 1];
  }
}

INLINED void scale(colors *pixels, const float *m) {
  for (size_t i = 0; i < block; i++) {
    pixels->red[i] = clamped(m[0] * pixels->red[i] + m[3]);
    pixels->green[i] = clamped(m[5] * pixels->green[i] + m[7]);
    pixels->blue[i] = clamped(m[10] * pixels->blue[i] + m[11]);
  }
}

INLINED void multiply(colors *pixels, const float *m) {
  for (size_t i = 0; i < block; i++) {
    float red = pixels->red[i], green = pixels->green[i], blue = pixels->blue[i];
    pixels->red[i] = clamped(m[0] * red + m[1] * green + m[2] * blue + m[3]);
    pixels->green[i] = clamped(m[4] * red + m[5] * green + m[6] * blue + m[7]);
    pixels->blue[i] = clamped(m[8] * red + m[9] * green + m[10] * blue + m[11]);
  }
}

// A place on the colour circle of six parts, 0…6.
INLINED float on_circle(float place) {
  float turns = place * (1.0f / 6);
  return place - 6 * (float)((int32_t)turns - (turns < (float)(int32_t)turns));
}

// Each channel falls linearly from the value by up to the chroma, with its own phase.
INLINED float falling(float value, float chroma, float place) {
  place -= place < 6 ? 0 : 6;
  float other = 4 - place;
  float share = place < other ? place : other;
  share = share < 1 ? share : 1;
  share = share > 0 ? share : 0;
  return value - chroma * share;
}

INLINED void shift(colors *pixels, float hue, float saturation, float value, int turns_only) {
  for (size_t i = 0; i < block; i++) {
    float red = pixels->red[i], green = pixels->green[i], blue = pixels->blue[i];
    float highest = red > green ? red : green, lowest = red < green ? red : green;
    highest = highest > blue ? highest : blue;
    lowest = lowest < blue ? lowest : blue;
    float chroma = highest - lowest, scale = 1 / (chroma > 0 ? chroma : 1);
    float of_red = (green - blue) * scale, of_green = (blue - red) * scale + 2;
    float of_blue = (red - green) * scale + 4;
    float sextant = highest == red ? of_red : highest == green ? of_green : of_blue;
    float bright = highest, spread = chroma, turned = on_circle(sextant + 6 * hue);
    if (!turns_only) {
      bright = clamped(highest + 255 * value);
      float full = chroma / (highest > 0 ? highest : 1) + saturation;
      full = full > 0 ? full : 0;
      full = full < 1 ? full : 1;
      // A grey pixel has no hue that more saturation could show.
      spread = chroma > 0 ? bright * full : 0;
    }
    pixels->red[i] = falling(bright, spread, turned + 5);
    pixels->green[i] = falling(bright, spread, turned + 3);
    pixels->blue[i] = falling(bright, spread, turned + 1);
  }
}

static int is_diagonal(const float *m) {
  return m[1] == 0 && m[2] == 0 && m[4] == 0 && m[6] == 0 && m[8] == 0 && m[9] == 0;
}

INLINED void adjust(colors *pixels, const pixels_adjustment *adjustments, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float *values = adjustments[i].values;
    if (adjustments[i].kind == pixels_matrix) {
      if (is_diagonal(values)) {
        scale(pixels, values);
      } else {
        multiply(pixels, values);
      }
    } else if (values[1] == 0 && values[2] == 0) {
      shift(pixels, values[0], 0, 0, 1);
    } else {
      shift(pixels, values[0], values[1], values[2], 0);
    }
  }
}

FOR_EACH_CPU
void pixels_adjust(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels,
                   const pixels_adjustment *adjustments, size_t count) {
  colors some = {0};
  for (size_t start = 0; start < pixels; start += block) {
    size_t length = pixels - start < block ? pixels - start : block;
    const uint8_t *from = source + start * channels;
    uint8_t *to = target + start * channels;
#define UNPACK(constant) unpack(from, length, constant, &some)
#define PACK(constant) pack(&some, length, constant, from, to)
    FOR_CHANNELS(channels, UNPACK)
    adjust(&some, adjustments, count);
    FOR_CHANNELS(channels, PACK)
  }
}

FOR_EACH_CPU
double pixels_grey_sum(const uint8_t *source, size_t pixels, size_t channels,
                       const pixels_adjustment *adjustments, size_t count) {
  colors some = {0};
  double sum = 0;
  for (size_t start = 0; start < pixels; start += block) {
    size_t length = pixels - start < block ? pixels - start : block;
    const uint8_t *from = source + start * channels;
    FOR_CHANNELS(channels, UNPACK)
    adjust(&some, adjustments, count);
    float part = 0;
    for (size_t i = 0; i < length; i++) {
      part += 0.299f * some.red[i] + 0.587f * some.green[i] + 0.114f * some.blue[i];
    }
    sum += (double)part;
  }
  return sum;
}

// 0.299, 0.587 and 0.114 in sixteenth bits, rounded so that white stays white.
#define GREY(red, green, blue) ((19595u * (red) + 38470u * (green) + 7471u * (blue) + 0x8000u) >> 16)

typedef uint32_t product_vector __attribute__((vector_size(group * 4)));
#define WIDE(levels) __builtin_convertvector(levels, product_vector)

INLINED uint8_t grey(const uint8_t *pixel, size_t channels) {
  return channels < 3 ? pixel[0] : (uint8_t)GREY(pixel[0], pixel[1], pixel[2]);
}

INLINED void grey_plane(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels) {
  for (size_t i = 0; i < pixels; i++) target[i] = grey(source + i * channels, channels);
}

FOR_EACH_CPU
void pixels_grey(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels) {
#define PLANE(constant) grey_plane(source, target, pixels, constant)
  FOR_CHANNELS(channels, PLANE)
}

INLINED void without_color(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels) {
  size_t i = 0;
  if (channels == 3) {
    for (; i + group <= pixels; i += group) {
      triples some = load_triples(source + 3 * i);
      product_vector sums = GREY(WIDE(some.red), WIDE(some.green), WIDE(some.blue));
      level_vector levels = __builtin_convertvector(sums, level_vector);
      store_triples((triples){levels, levels, levels}, target + 3 * i);
    }
  }
  for (; i < pixels; i++) {
    memcpy(target + i * channels, source + i * channels, channels);
    memset(target + i * channels, grey(source + i * channels, channels), channels < 3 ? 1 : 3);
  }
}

FOR_EACH_CPU
void pixels_without_color(const uint8_t *source, uint8_t *target, size_t pixels, size_t channels) {
#define WITHOUT_COLOR(constant) without_color(source, target, pixels, constant)
  FOR_CHANNELS(channels, WITHOUT_COLOR)
}

INLINED void add_difference(const uint8_t *source, const uint8_t *before, const uint8_t *after,
                            uint8_t *target, size_t pixels, size_t channels, size_t changed) {
  for (size_t i = 0; i < pixels; i++, source += channels, target += channels) {
    int difference = after[i] - before[i];
    for (size_t c = 0; c < changed; c++) {
      int level = source[c] + difference;
      level = level > 0 ? level : 0;
      target[c] = (uint8_t)(level < 255 ? level : 255);
    }
    for (size_t c = changed; c < channels; c++) target[c] = source[c];
  }
}

FOR_EACH_CPU
void pixels_add_difference(const uint8_t *source, const uint8_t *before, const uint8_t *after,
                           uint8_t *target, size_t pixels, size_t channels) {
#define CALL(constant)                                                                             \
  add_difference(source, before, after, target, pixels, constant, (constant) < 3 ? 1 : 3)
  FOR_CHANNELS(channels, CALL)
#undef CALL
}

static void tile_table(const uint8_t *source, ptrdiff_t width, ptrdiff_t height, ptrdiff_t left,
                       ptrdiff_t top, ptrdiff_t tile_width, ptrdiff_t tile_height, float clip,
                       uint8_t *table) {
  int32_t counts[256] = {0}, area = (int32_t)(tile_width * tile_height);
  for (ptrdiff_t y = top; y < top + tile_height; y++) {
    // Beyond the border the picture is mirrored.
    const uint8_t *row = source + (y < height ? y : 2 * height - 2 - y) * width;
    for (ptrdiff_t x = left; x < left + tile_width; x++) {
      counts[row[x < width ? x : 2 * width - 2 - x]]++;
    }
  }
  int32_t limit = (int32_t)(clip * (float)area / 256), excess = 0;
  limit = limit > 1 ? limit : 1;
  for (int level = 0; level < 256; level++) {
    if (counts[level] <= limit) continue;
    excess += counts[level] - limit;
    counts[level] = limit;
  }
  int32_t share = excess / 256, rest = excess % 256;
  for (int level = 0; level < 256; level++) counts[level] += share;
  if (rest > 0) {
    int step = 256 / rest > 1 ? 256 / rest : 1;
    for (int level = 0; level < 256 && rest > 0; level += step, rest--) counts[level]++;
  }
  float scale = 255.0f / (float)area;
  int32_t sum = 0;
  for (int level = 0; level < 256; level++) {
    sum += counts[level];
    float value = (float)sum * scale + 0.5f;
    table[level] = (uint8_t)(int)(value < 255 ? value : 255);
  }
}

void pixels_equalize_tiles(const uint8_t *source, uint8_t *target, ptrdiff_t width,
                           ptrdiff_t height, ptrdiff_t columns, ptrdiff_t rows, float clip,
                           uint8_t *tables) {
  ptrdiff_t tile_width = (width + columns - 1) / columns;
  ptrdiff_t tile_height = (height + rows - 1) / rows;
  for (ptrdiff_t row = 0; row < rows; row++) {
    for (ptrdiff_t column = 0; column < columns; column++) {
      tile_table(source, width, height, column * tile_width, row * tile_height, tile_width,
                 tile_height, clip, tables + 256 * (row * columns + column));
    }
  }
  for (ptrdiff_t y = 0; y < height; y++) {
    float place = (float)y / (float)tile_height - 0.5f;
    ptrdiff_t above = place < 0 ? -1 : (ptrdiff_t)place;
    float down = place - (float)above;
    ptrdiff_t below = above + 1 < rows ? above + 1 : rows - 1;
    above = above < 0 ? 0 : above;
    const uint8_t *upper = tables + 256 * above * columns, *lower = tables + 256 * below * columns;
    for (ptrdiff_t x = 0; x < width; x++) {
      float across = (float)x / (float)tile_width - 0.5f;
      ptrdiff_t before = across < 0 ? -1 : (ptrdiff_t)across;
      float right = across - (float)before;
      ptrdiff_t after = before + 1 < columns ? before + 1 : columns - 1;
      before = before < 0 ? 0 : before;
      uint8_t level = source[y * width + x];
      float left_sum = (1 - down) * upper[256 * before + level] + down * lower[256 * before + level];
      float right_sum = (1 - down) * upper[256 * after + level] + down * lower[256 * after + level];
      target[y * width + x] = (uint8_t)(int)((1 - right) * left_sum + right * right_sum + 0.5f);
    }
  }
}
