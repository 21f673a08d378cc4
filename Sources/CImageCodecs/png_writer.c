#include "codec_buffer.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>

typedef struct png_writer {
  codec_buffer *output;
  codec_message *message;
  codec_status status;
} png_writer;

static void note_error(png_structp png, png_const_charp text) {
  png_writer *writer = png_get_error_ptr(png);
  snprintf(writer->message->text, sizeof writer->message->text, "%s", text);
  png_longjmp(png, 1);
}

static void ignore_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void give_bytes(png_structp png, png_bytep bytes, size_t count) {
  png_writer *writer = png_get_io_ptr(png);
  if (codec_buffer_append(writer->output, bytes, count)) return;
  writer->status = CODEC_OUT_OF_MEMORY;
  png_error(png, "no memory for the compressed picture");
}

static void no_flush(png_structp png) { (void)png; }

static void write_picture(png_structp png, png_infop info, codec_picture picture, int level) {
  static const int colors[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                               PNG_COLOR_TYPE_RGB_ALPHA};
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_compression_level(png, level);
  png_set_IHDR(png, info, picture.width, picture.height, picture.deep ? 16 : 8,
               colors[picture.channels - 1], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  if (picture.deep && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) png_set_swap(png);
  const uint8_t *samples = picture.samples;
  size_t row = (size_t)picture.width * picture.channels * (picture.deep ? 2 : 1);
  for (uint32_t y = 0; y < picture.height; y++) png_write_row(png, samples + y * row);
  png_write_end(png, info);
}

// The writer is the caller's: a longjmp leaves what changes among a function's own variables
// indeterminate (C11, 7.13.2.1).
static codec_status try_picture(png_writer *writer, png_structp png, png_infop info,
                                codec_picture picture, int level) {
  if (setjmp(png_jmpbuf(png))) return writer->status;
  png_set_write_fn(png, writer, give_bytes, no_flush);
  write_picture(png, info, picture, level);
  return CODEC_OK;
}

codec_status png_write(codec_picture picture, int level, codec_buffer *output,
                       codec_message *message) {
  png_writer writer = {output, message, CODEC_INVALID};
  png_structp png =
      png_create_write_struct(PNG_LIBPNG_VER_STRING, &writer, note_error, ignore_warning);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    return CODEC_OUT_OF_MEMORY;
  }
  codec_status status = try_picture(&writer, png, info, picture, level);
  png_destroy_write_struct(&png, &info);
  return status;
}
