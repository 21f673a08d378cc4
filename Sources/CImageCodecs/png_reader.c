#include "image_codecs.h"

#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct png_reader {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t count, position;
  codec_header header;
  codec_message message;
  // Rows of the last pass that are in place; on the heap, so that a longjmp cannot lose it.
  uint32_t rows;
  bool started;
};

static void note_error(png_structp png, png_const_charp text) {
  png_reader *reader = png_get_error_ptr(png);
  snprintf(reader->message.text, sizeof reader->message.text, "%s", text);
  png_longjmp(png, 1);
}

// Warnings tell of oddities that leave the picture whole.
static void ignore_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void take_bytes(png_structp png, png_bytep target, size_t count) {
  png_reader *reader = png_get_io_ptr(png);
  if (count > reader->count - reader->position) png_error(png, "the file ends too early");
  memcpy(target, reader->bytes + reader->position, count);
  reader->position += count;
}

// Text, profiles and the like are skipped unread: they can unpack to far more than the picture, and
// for an EXIF block memory is taken before its bytes are seen to be there.
static void skip_all_but_pixels(png_structp png) {
  static const char names[][5] = {"bKGD", "cHRM", "eXIf", "gAMA", "hIST", "iCCP",
                                  "iTXt", "oFFs", "pCAL", "pHYs", "sBIT", "sCAL",
                                  "sPLT", "sRGB", "tEXt", "tIME", "zTXt"};
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, (png_const_bytep)names,
                              sizeof names / sizeof names[0]);
  png_set_chunk_malloc_max(png, 1 << 20);
}

static void read_header(png_reader *reader) {
  png_structp png = reader->png;
  png_set_read_fn(png, reader, take_bytes);
  // The caller judges the size.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  skip_all_but_pixels(png);
  png_read_info(png, reader->info);

  int depth = png_get_bit_depth(png, reader->info);
  int color = png_get_color_type(png, reader->info);
  reader->header.width = png_get_image_width(png, reader->info);
  reader->header.height = png_get_image_height(png, reader->info);
  reader->header.bits_per_pixel = (uint32_t)depth * png_get_channels(png, reader->info);
  uint32_t channels = color & PNG_COLOR_MASK_COLOR ? 3 : 1;
  bool alpha = (color & PNG_COLOR_MASK_ALPHA) || png_get_valid(png, reader->info, PNG_INFO_tRNS);
  reader->header.channels = channels + alpha;
  reader->header.deep = depth == 16;
}

codec_status png_reader_open(png_reader **out, const uint8_t *bytes, size_t count,
                             codec_header *header, codec_message *message) {
  *out = NULL;
  png_reader *reader = calloc(1, sizeof *reader);
  if (!reader) return CODEC_OUT_OF_MEMORY;
  reader->bytes = bytes;
  reader->count = count;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, note_error, ignore_warning);
  if (reader->png) reader->info = png_create_info_struct(reader->png);
  if (!reader->info) {
    png_reader_close(reader);
    return CODEC_OUT_OF_MEMORY;
  }
  if (setjmp(png_jmpbuf(reader->png))) {
    *message = reader->message;
    png_reader_close(reader);
    return CODEC_INVALID;
  }
  read_header(reader);
  *header = reader->header;
  *out = reader;
  return CODEC_OK;
}

static size_t row_bytes(const png_reader *reader, bool deep) {
  return (size_t)reader->header.width * reader->header.channels * (deep ? 2 : 1);
}

static void read_passes(png_reader *reader, bool deep, uint8_t *samples) {
  png_structp png = reader->png;
  png_set_expand(png);
  if (!deep) png_set_scale_16(png);
  if (deep && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) png_set_swap(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  size_t row = row_bytes(reader, deep);
  if (png_get_rowbytes(png, reader->info) != row) png_error(png, "rows of an unexpected length");
  for (int pass = 0; pass < passes; pass++) {
    for (reader->rows = 0; reader->rows < reader->header.height; reader->rows++) {
      png_read_row(png, samples + reader->rows * row, NULL);
      reader->started = true;
    }
  }
}

codec_status png_reader_read(png_reader *reader, bool deep, void *samples,
                             codec_message *message) {
  // Later passes keep what earlier ones wrote, and a file that ends early leaves the rest.
  memset(samples, 0, row_bytes(reader, deep) * reader->header.height);
  if (setjmp(png_jmpbuf(reader->png))) {
    *message = reader->message;
    return reader->started ? CODEC_DAMAGED : CODEC_INVALID;
  }
  read_passes(reader, deep, samples);
  return CODEC_OK;
}

const uint8_t *png_reader_exif(png_reader *reader, size_t *count) {
  size_t position = 8; // behind the signature
  while (reader->count - position >= 12) {
    const uint8_t *chunk = reader->bytes + position;
    size_t length = png_get_uint_32(chunk);
    if (length > reader->count - position - 12) return NULL;
    if (memcmp(chunk + 4, "eXIf", 4) == 0 &&
        png_checksum(chunk + 4, length + 4) == png_get_uint_32(chunk + 8 + length)) {
      *count = length;
      return chunk + 8;
    }
    position += length + 12;
  }
  return NULL;
}

void png_reader_close(png_reader *reader) {
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}
