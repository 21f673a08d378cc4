// Holds the kernels of each instruction set that this processor has against their scalar twins.
// For processors where the Swift tests cannot run; Scripts/check-neon.sh uses it under emulation.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

enum { FLOATS = 1 << 16 };
static float x[FLOATS], y[FLOATS], z[FLOATS], w[FLOATS];
static float results[2][FLOATS];  // of the twin, of the instruction set
static int failures;

static void fill(float *to, unsigned seed) {
  for (int i = 0; i < FLOATS; i++) {
    seed = seed * 1664525u + 1013904223u;
    to[i] = (float)(seed >> 8) / (1 << 23) - 1;
  }
}

static void reset(void) {
  fill(x, 1), fill(y, 2), fill(z, 3), fill(w, 4);
  fill(results[0], 5);
  memcpy(results[1], results[0], sizeof results[0]);
}

// Float32 sums of a few hundred terms in two orders: 1e-5 of the root mean square.
static void compare(const char *what, const char *isa) {
  double error = 0, size = 0;
  for (int i = 0; i < FLOATS; i++) {
    double difference = (double)results[1][i] - results[0][i];
    error += difference * difference, size += (double)results[0][i] * results[0][i];
  }
  double relative = sqrt(error / size);
  if (!(relative < 1e-5)) failures++;
  printf("%-8s %-32s %.1e%s\n", isa, what, relative, relative < 1e-5 ? "" : "  WRONG");
}

// Runs a call on both tables; `k` is the table, `out` where its result goes.
#define BOTH(what, ...)                                                                            \
  do {                                                                                             \
    reset();                                                                                       \
    for (int side = 0; side < 2; side++) {                                                         \
      const kernels_table *k = side ? table : twin;                                                \
      float *out = results[side];                                                                  \
      __VA_ARGS__                                                                                  \
    }                                                                                              \
    compare(what, table->name);                                                                    \
  } while (0)

static void check_products(const kernels_table *twin, const kernels_table *table) {
  static const ptrdiff_t taps[3] = {0, 700, 1500};
  for (int pixels = 1; pixels <= 26; pixels += 5)
    for (int columns = 3; columns <= 55; columns += 13)
      BOTH("gemm", {
        kernels_gemm g = {.input = x, .input_pixel = 24, .taps = taps, .tap_count = 3, .depth = 21,
                          .weights = y, .weights_panel = 1200, .bias = z, .output = out,
                          .output_pixel = 20, .output_panel = 600, .pixels = pixels,
                          .columns = columns, .accumulate = pixels % 2};
        k->gemm(&g);
      });
  for (int count = 1; count <= 16; count++)
    BOTH("outer", {
      kernels_outer o = {.left = x, .left_pixel = 18, .left_row = 900, .right = y,
                         .right_pixel = 16, .right_row = 800, .right_panel = 2400, .pixels = 37,
                         .rows = 3, .output = out, .output_row = 20, .output_panel = 400,
                         .count = count, .panels = 1 + count % 3, .accumulate = count % 2};
      k->outer(&o);
    });
}

static void check_winograd(const kernels_table *twin, const kernels_table *table) {
  static const char *names[] = {"F(2x2,3x3)", "F(4x4,3x3)", "F(3x3,4x4)", "F(4x4,2x2)"};
  static const int outputs[] = {2, 4, 3, 4}, taps_a_side[] = {3, 3, 4, 2};
  for (int kind = 0; kind < 4; kind++) {
    int m = outputs[kind], taps = taps_a_side[kind], side_length = 11;
    for (int row = 0; row * m < side_length; row++) {
      kernels_tile_row r = {.kind = kind, .top = row * m - 1, .padding = 1, .reflect = row % 2,
                            .tiles = (side_length + m - 1) / m, .plane = 400, .panel = 160};
      kernels_picture p = {.height = side_length, .width = side_length,
                           .row = side_length * 40, .pixel = 40};
      BOTH(names[kind], {
        p.pixels = x, r.picture = p, r.planes = out;
        k->winograd_data(&r, 0, 2);
      });
      BOTH(names[kind], {
        p.pixels = out, r.picture = p, r.planes = x;
        k->winograd_data_adjoint(&r, 0, 2);
      });
      r.top = row * m, r.padding = 0, r.bias = z;
      BOTH(names[kind], {
        p.pixels = out, r.picture = p, r.planes = x;
        k->winograd_output(&r, 0, 2);
      });
      BOTH(names[kind], {
        p.pixels = x, r.picture = p, r.planes = out;
        k->winograd_output_adjoint(&r, 0, 2);
      });
    }
    kernels_winograd_filter f = {.kind = kind, .input_channels = 32, .output_channels = 48,
                                 .rows = taps, .columns = taps == 2 ? 1 : taps,
                                 .input = taps * taps * 48, .row = taps * 48, .tap = 48,
                                 .plane = 48 * 16 + 16};
    BOTH(names[kind], { f.filter = x, f.planes = out, k->winograd_filter(&f, 2); });
    BOTH(names[kind], { f.filter = x, f.planes = out, k->winograd_filter_transposed(&f, 1); });
    BOTH(names[kind], { f.filter = out, f.planes = x, k->winograd_filter_adjoint(&f, 2); });
  }
}

static void check_rows(const kernels_table *twin, const kernels_table *table) {
  static const char *names[] = {"B' of F(4,7)", "A' of F(4,7)", "A of F(4,7)", "G of F(4,7)",
                                "G' of F(4,7)"};
  for (int transform = ROWS_DATA; transform <= ROWS_FILTER_ADJOINT; transform++)
    for (size_t count = 3; count <= 61; count += 29)
      BOTH(names[transform], {
        const float *from[10];
        float *to[10];
        for (int i = 0; i < 10; i++) from[i] = x + 70 * i, to[i] = out + 90 * i;
        kernels_rows r = {.transform = transform, .from = from, .to = to, .count = count};
        k->winograd_rows(&r);
      });
}

static void check_norms(const kernels_table *twin, const kernels_table *table) {
  for (int channels = 3; channels <= 48; channels += 15) {
    kernels_norm n = {.x = x, .dy = y, .residual = z, .pixels = 41, .channels = channels,
                      .scale = w, .shift = w + 64, .slope = .2f, .factor = w + 128,
                      .offset = w + 192, .tilt = w + 256};
    BOTH("norm_sums", { k->norm_sums(&n, w, out, out + 100); });
    BOTH("norm_apply", { n.output = out, k->norm_apply(&n); });
    BOTH("norm_gradient_sums", { k->norm_gradient_sums(&n, out, out + 100); });
    BOTH("norm_gradient", { n.output = out, k->norm_gradient(&n); });
  }
  BOTH("tanh", { k->tanh(x, out, 2999); });
  BOTH("adam", {
    for (int i = 0; i < 3000; i++) out[6000 + i] = fabsf(out[6000 + i]);
    kernels_adam a = {.parameter = out, .moment1 = out + 3000, .moment2 = out + 6000,
                      .gradient = x, .count = 2999, .keep1 = .5f, .take1 = .5f, .keep2 = .999f,
                      .take2 = .001f, .epsilon = 1e-8f, .rate = 2e-4f, .correction2 = 3};
    k->adam(&a);
  });
}

int main(void) {
  const kernels_table *twin = kernels_for(KERNELS_REFERENCE);
  int sets = 0;
  for (int isa = KERNELS_REFERENCE + 1; isa <= KERNELS_AVX512; isa++) {
    const kernels_table *table = kernels_for(isa);
    if (!table) continue;
    sets++;
    check_products(twin, table);
    check_winograd(twin, table);
    check_rows(twin, table);
    check_norms(twin, table);
  }
  printf("%d instruction set%s, %d wrong\n", sets, sets == 1 ? "" : "s", failures);
  return sets == 0 || failures > 0;
}
