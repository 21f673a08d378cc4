// Winograd's F(4, 7) by its matrices, which are made of the points of the contract.
#include "reference.h"

enum { OUTPUTS = 4, TAPS = 7, POINTS = 10, FINITE = 9 };
static const double points[FINITE] = {0, .4375, -.4375, .8125, -.8125, 1.25, -1.25, 2, -2};

// Coefficient k of the product of (z - p) over the finite points other than `left_out`.
static double product_coefficient(int left_out, int k) {
  double c[POINTS + 1] = {1};
  for (int i = 0; i < FINITE; i++) {
    if (i == left_out) continue;
    for (int power = FINITE; power >= 0; power--)
      c[power] = (power > 0 ? c[power - 1] : 0) - points[i] * c[power];
  }
  return c[k];
}

static double power(double x, int exponent) {
  double result = 1;
  for (int i = 0; i < exponent; i++) result *= x;
  return result;
}

// B': at infinity, all finite points are in the product.
static double data_entry(int point, int k) { return product_coefficient(point, k); }

// A': at infinity there is the last output alone.
static double output_entry(int output, int point) {
  return point == FINITE ? output == OUTPUTS - 1 : power(points[point], output);
}

// G: at infinity there is the last tap alone.
static double filter_entry(int point, int tap) {
  if (point == FINITE) return tap == TAPS - 1;
  double distances = 1;
  for (int i = 0; i < FINITE; i++)
    if (i != point) distances *= points[point] - points[i];
  return power(points[point], tap) / distances;
}

static double entry(kernels_row_transform transform, int to, int from) {
  switch (transform) {
  case ROWS_DATA: return data_entry(to, from);
  case ROWS_OUTPUT: return output_entry(to, from);
  case ROWS_OUTPUT_ADJOINT: return output_entry(from, to);
  case ROWS_FILTER: return filter_entry(to, from);
  case ROWS_FILTER_ADJOINT: return filter_entry(from, to);
  }
}

void f32_winograd_rows__reference(const kernels_rows *r) {
  static const int from_rows[] = {POINTS, POINTS, OUTPUTS, TAPS, POINTS};
  static const int to_rows[] = {POINTS, OUTPUTS, POINTS, POINTS, TAPS};
  for (int to = 0; to < to_rows[r->transform]; to++) {
    double row[POINTS];
    for (int k = 0; k < from_rows[r->transform]; k++) row[k] = entry(r->transform, to, k);
    for (size_t i = 0; i < r->count; i++) {
      double sum = 0;
      for (int k = 0; k < from_rows[r->transform]; k++) sum += row[k] * r->from[k][i];
      r->to[to][i] = (float)sum;
    }
  }
}
