// The kernel contract.
//
// A kernel works on one row, one run of tiles or one span; everything around it (choice of
// algorithm, packing, work split, memory) is Swift, in ConvolutionCore. All data is float32.
// Each kernel exists once per instruction set, `f32_verb__isa`, with a plain scalar twin
// `f32_verb__reference` that defines it; `kernels_for` returns the table of one set.
//
// A *panel* holds 16 channels side by side: `[position][16]`. Channels that do not exist are zero.
#pragma once
#include <stdbool.h>
#include <stddef.h>

enum { KERNELS_PANEL = 16 };

// ---- Implicit GEMM -------------------------------------------------------------------------
//
// output[p][j] = bias[j] + sum over taps t, over k < depth of
//                input[p * input_pixel + taps[t] + k] * weights[t][k][j]
//
// for p < pixels, j < columns, in panels of 16 results. A direct convolution has a tap per filter row,
// whose KW * I floats are contiguous in NHWC; the Winograd product has a tap per panel, depth 16.
typedef struct {
  const float *input;
  ptrdiff_t input_pixel;  // floats between the inputs of neighbouring pixels
  const ptrdiff_t *taps;  // [tap_count] offsets in floats
  int tap_count;
  int depth;
  const float *weights;     // of each panel: [tap_count][depth][16], 64-byte aligned
  ptrdiff_t weights_panel;  // floats between panels
  const float *bias;        // [panels * 16], or NULL for none
  float *output;
  ptrdiff_t output_pixel, output_panel;  // floats between neighbouring pixels, panels
  int pixels;
  int columns;      // results stored per pixel
  bool accumulate;  // add to what output holds
  bool fetch;       // inputs of the next tile are asked for: the hardware does not foresee them
  bool stream;      // results go past the caches; output and output_pixel fill whole lines
} kernels_gemm;

// ---- Outer product over pixels (filter gradients) --------------------------------------------
//
// output[i][j] = sum over rows y, pixels x of left[y * left_row + x * left_pixel + i]
//                                           * right[y * right_row + x * right_pixel + j]
//
// for i < count, j < 16, for each of some panels on the right.
typedef struct {
  const float *left;
  ptrdiff_t left_pixel, left_row;
  const float *right;
  ptrdiff_t right_pixel, right_row, right_panel;
  int pixels, rows;
  float *output;
  ptrdiff_t output_row, output_panel;  // floats between output[i] and output[i + 1], panels
  int count, panels;
  bool accumulate;
  bool stream;  // sums go past the caches; they fill whole lines
} kernels_outer;

// ---- Winograd --------------------------------------------------------------------------------
//
// F(m x m, r x r) with n = m + r - 1 points a side, y = A'[(G g G') . (B' d B)]A per tile.
// Lavin and Gray, arXiv:1509.09308. Points: n = 4: 0, 1, -1, inf; n = 5: +-1/2, +-5/4, inf;
// n = 6: 0, +-3/4, +-3/2, inf, whose rounding error is half that of the textbook 0, +-1, +-2, inf.
// The infinite point is the last one: it sees the last tap alone.
typedef enum {
  WINOGRAD_2X2_3X3,
  WINOGRAD_4X4_3X3,
  WINOGRAD_3X3_4X4,
  WINOGRAD_4X4_2X2
} kernels_winograd;

// One picture, or every second pixel of every second row of one: one phase of it.
typedef struct {
  float *pixels;
  int height, width;
  ptrdiff_t row, pixel;  // floats between neighbouring rows, neighbouring pixels
} kernels_picture;

// One row of tiles of one picture against its planes `[n * n][channels / 16][tile][16]`.
// Tile t starts at picture row `top` and column `t * m - padding`.
typedef struct {
  kernels_winograd kind;
  kernels_picture picture;
  int top;      // may be negative: in the padding
  int padding;  // pixels around the picture
  bool reflect; // mirrored padding; else zeros
  int tiles;    // in this row
  float *planes;          // at this row's first tile
  ptrdiff_t plane, panel;  // floats between planes, between panels; multiples of 16
  bool stream;             // planes are written past the caches
  const float *bias;       // [channels] for the output, or NULL
} kernels_tile_row;

// Filters `[in][rows][columns][out]`, or every second tap of such, against the planes of one panel.
// `in` and `out` are multiples of 16. Taps that do not exist are zero.
typedef struct {
  kernels_winograd kind;
  float *filter;  // at the first tap
  int input_channels, output_channels;
  int rows, columns;  // taps that exist, at most r
  ptrdiff_t input, row, tap;  // floats between neighbouring input channels, rows, taps
  float *planes;
  ptrdiff_t plane;
  bool stream;  // planes are written past the caches
} kernels_winograd_filter;

// ---- Winograd down the rows ------------------------------------------------------------------
//
// F(4, 7) in one dimension, n = 10 points: 0, +-7/16, +-13/16, +-5/4, +-2, inf. A 7 x 7 layer becomes
// ten of 1 x 7 on transformed rows. to[i] = sum over k of M[i][k] * from[k], element by element.
typedef enum {
  ROWS_DATA,            // B', 10 x 10
  ROWS_OUTPUT,          // A', 4 x 10
  ROWS_OUTPUT_ADJOINT,  // A, 10 x 4
  ROWS_FILTER,          // G, 10 x 7
  ROWS_FILTER_ADJOINT   // G', 7 x 10
} kernels_row_transform;

typedef struct {
  kernels_row_transform transform;
  const float *const *from;
  float *const *to;
  size_t count;  // floats of a row
} kernels_rows;

// ---- Normalization ---------------------------------------------------------------------------
//
// `pixels` contiguous pixels of `channels` floats; statistics are `[channels]`.
// normalized = x * scale + shift; activated = normalized > 0 ? normalized : slope * normalized.
typedef struct {
  const float *x;
  const float *dy;        // gradient of the activated result (gradient kernels)
  const float *residual;  // added last, or NULL (apply)
  float *output;
  int pixels, channels;
  const float *scale, *shift;
  float slope;
  const float *factor, *offset, *tilt;  // see the gradient kernels
} kernels_norm;

// ---- Adam ------------------------------------------------------------------------------------
typedef struct {
  float *parameter, *moment1, *moment2;
  const float *gradient;
  size_t count;
  float keep1, take1;  // beta1 and 1 - beta1, each rounded from double: 1 - 0.999f is 1e-5 off
  float keep2, take2;  // the same of beta2
  float epsilon;
  float rate;         // learning rate / (1 - beta1^t)
  float correction2;  // 1 / sqrt(1 - beta2^t)
} kernels_adam;

// ---- Peak ------------------------------------------------------------------------------------
//
// Does nothing useful, as fast as the processor can: `rounds` multiply-adds of each of
// KERNELS_CHAINED values, one after the other, as many values at once as there are registers.
enum { KERNELS_CHAINED = 192 };

typedef struct {
  const char *name;    // "AVX2", for people
  int panels_at_once;  // of results, that products hold: who cuts work by panels gives so many

  void (*gemm)(const kernels_gemm *);
  void (*outer)(const kernels_outer *);

  // planes = B' d B of each tile, for panels first ..< last.
  void (*winograd_data)(const kernels_tile_row *, int first, int last);
  // d += B planes B' of each tile: the adjoint, overlap-added; padding folds back or falls away.
  void (*winograd_data_adjoint)(const kernels_tile_row *, int first, int last);
  // y = A' planes A (+ bias). Tiles are cut at the picture's border; padding is 0 here.
  void (*winograd_output)(const kernels_tile_row *, int first, int last);
  // planes = A y A' of each tile: the adjoint. Beyond the border y is 0.
  void (*winograd_output_adjoint)(const kernels_tile_row *, int first, int last);
  // planes[n * n][in][16] = G g G', for one panel of output channels.
  void (*winograd_filter)(const kernels_winograd_filter *, int panel);
  // planes[n * n][out][16] = G g G', for one panel of input channels.
  void (*winograd_filter_transposed)(const kernels_winograd_filter *, int panel);
  // g = G' planes G, planes as winograd_filter has them.
  void (*winograd_filter_adjoint)(const kernels_winograd_filter *, int panel);

  // to = M from, M by its name.
  void (*winograd_rows)(const kernels_rows *);

  // sums[c] += x - origin, squares[c] += (x - origin)^2; origin keeps the squares small.
  void (*norm_sums)(const kernels_norm *, const float *origin, float *sums, float *squares);
  // output = activated (+ residual).
  void (*norm_apply)(const kernels_norm *);
  // With g = dy * activation'(normalized): sums[c] += g, products[c] += g * (x * factor + offset).
  void (*norm_gradient_sums)(const kernels_norm *, float *sums, float *products);
  // output = g * factor + offset + x * tilt.
  void (*norm_gradient)(const kernels_norm *);

  // y = tanh x.
  void (*tanh)(const float *x, float *y, size_t count);
  void (*adam)(const kernels_adam *);

  // values[i] = values[i] * factor + addend, so many times, for i < KERNELS_CHAINED.
  void (*multiply_add)(float *values, float factor, float addend, long rounds);
} kernels_table;

typedef enum { KERNELS_REFERENCE, KERNELS_NEON, KERNELS_AVX2, KERNELS_AVX512 } kernels_isa;

// The table of an instruction set, or NULL where this CPU lacks it.
const kernels_table *kernels_for(kernels_isa isa);
