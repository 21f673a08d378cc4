// The scalar twins of the Winograd kernels, which have a file of their own.
#pragma once
#include "kernels.h"

void f32_winograd_data__reference(const kernels_tile_row *, int first, int last);
void f32_winograd_data_adjoint__reference(const kernels_tile_row *, int first, int last);
void f32_winograd_output__reference(const kernels_tile_row *, int first, int last);
void f32_winograd_output_adjoint__reference(const kernels_tile_row *, int first, int last);
void f32_winograd_filter__reference(const kernels_winograd_filter *, int panel);
void f32_winograd_filter_transposed__reference(const kernels_winograd_filter *, int panel);
void f32_winograd_filter_adjoint__reference(const kernels_winograd_filter *, int panel);
void f32_winograd_rows__reference(const kernels_rows *);
