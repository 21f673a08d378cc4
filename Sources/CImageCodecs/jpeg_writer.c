#include "codec_buffer.h"
#include "jpeg_errors.h"

#include <jerror.h>

typedef struct jpeg_writer {
  struct jpeg_compress_struct info;
  jpeg_errors errors;
  struct jpeg_destination_mgr destination;
  codec_buffer *output;
} jpeg_writer;

enum { least_room = 16384 };

static void offer_room(j_compress_ptr info) {
  codec_buffer *output = ((jpeg_writer *)info->client_data)->output;
  if (!codec_buffer_reserve(output, least_room)) ERREXIT1(info, JERR_OUT_OF_MEMORY, 0);
  info->dest->next_output_byte = output->bytes + output->count;
  info->dest->free_in_buffer = output->capacity - output->count;
}

static boolean take_all(j_compress_ptr info) {
  codec_buffer *output = ((jpeg_writer *)info->client_data)->output;
  output->count = output->capacity;
  offer_room(info);
  return TRUE;
}

static void take_last(j_compress_ptr info) {
  codec_buffer *output = ((jpeg_writer *)info->client_data)->output;
  output->count = output->capacity - info->dest->free_in_buffer;
}

static void set_tables(j_compress_ptr info, const uint16_t *tables) {
  for (int which = 0; which < 2; which++) {
    unsigned divisors[64];
    for (int i = 0; i < 64; i++) divisors[i] = tables[which * 64 + i];
    jpeg_add_quant_table(info, which, divisors, 100, FALSE);
  }
}

static void write_picture(jpeg_writer *writer, codec_picture picture, jpeg_coarseness coarseness,
                          bool optimizes_codes) {
  j_compress_ptr info = &writer->info;
  jpeg_create_compress(info);
  info->client_data = writer;
  writer->destination = (struct jpeg_destination_mgr){
      .init_destination = offer_room,
      .empty_output_buffer = take_all,
      .term_destination = take_last,
  };
  info->dest = &writer->destination;
  info->image_width = picture.width;
  info->image_height = picture.height;
  info->input_components = (int)picture.channels;
  info->in_color_space = picture.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(info);
  if (coarseness.tables) {
    set_tables(info, coarseness.tables);
  } else {
    jpeg_set_quality(info, coarseness.quality, TRUE);
  }
  info->optimize_coding = optimizes_codes;
  if (picture.channels == 3) {
    info->comp_info[0].h_samp_factor = coarseness.horizontal;
    info->comp_info[0].v_samp_factor = coarseness.vertical;
  }
  jpeg_start_compress(info, TRUE);
  size_t row = (size_t)picture.width * picture.channels;
  while (info->next_scanline < info->image_height) {
    JSAMPROW source = (JSAMPROW)picture.samples + info->next_scanline * row;
    jpeg_write_scanlines(info, &source, 1);
  }
  jpeg_finish_compress(info);
}

// The writer is the caller's: a longjmp leaves what changes among a function's own variables
// indeterminate (C11, 7.13.2.1).
static codec_status try_picture(jpeg_writer *writer, codec_picture picture,
                                jpeg_coarseness coarseness, bool optimizes_codes) {
  if (setjmp(writer->errors.escape)) return writer->errors.status;
  write_picture(writer, picture, coarseness, optimizes_codes);
  return CODEC_OK;
}

codec_status jpeg_write(codec_picture picture, jpeg_coarseness coarseness, bool optimizes_codes,
                        codec_buffer *output, codec_message *message) {
  jpeg_writer writer = {.output = output};
  writer.info.err = jpeg_errors_prepare(&writer.errors);
  codec_status status = try_picture(&writer, picture, coarseness, optimizes_codes);
  if (status != CODEC_OK) *message = writer.errors.message;
  jpeg_destroy_compress(&writer.info);
  return status;
}
