#pragma once

#include "image_codecs.h"

#include <stdio.h>

#include <jpeglib.h>
#include <setjmp.h>
#include <stdbool.h>

// libjpeg's error manager with a way out. `base` comes first, so that libjpeg's pointer to it is
// a pointer to the whole.
typedef struct jpeg_errors {
  struct jpeg_error_mgr base;
  jmp_buf escape;
  codec_message message;
  codec_status status;
  bool damaged; // a warning told of missing picture data
} jpeg_errors;

// Sets up `errors` and returns what goes into the `err` field.
struct jpeg_error_mgr *jpeg_errors_prepare(jpeg_errors *errors);
