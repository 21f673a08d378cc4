#include "jpeg_errors.h"

#include <jerror.h>
#include <stdlib.h>
#include <string.h>

struct jpeg_reader {
  struct jpeg_decompress_struct info;
  jpeg_errors errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  codec_header header;
  int scan_limit;
  bool ran_out; // libjpeg asked for bytes after the last one
};

static void nothing(j_decompress_ptr info) { (void)info; }

// After the last byte libjpeg is given the end-of-image marker, again and again if need be.
static boolean end_of_bytes(j_decompress_ptr info) {
  static const JOCTET end[] = {0xFF, JPEG_EOI};
  jpeg_reader *reader = info->client_data;
  reader->ran_out = true;
  info->src->next_input_byte = end;
  info->src->bytes_in_buffer = sizeof end;
  return TRUE;
}

static void skip_bytes(j_decompress_ptr info, long count) {
  if (count <= 0) return;
  struct jpeg_source_mgr *source = info->src;
  if ((size_t)count > source->bytes_in_buffer) {
    end_of_bytes(info);
    return;
  }
  source->next_input_byte += count;
  source->bytes_in_buffer -= (size_t)count;
}

static void count_scans(j_common_ptr common) {
  jpeg_reader *reader = common->client_data;
  if (reader->info.input_scan_number <= reader->scan_limit) return;
  snprintf(reader->errors.message.text, sizeof reader->errors.message.text,
           "more than %d scans in a picture of this size", reader->scan_limit);
  reader->errors.status = CODEC_INVALID;
  longjmp(reader->errors.escape, 1);
}

static void read_header(jpeg_reader *reader, const uint8_t *bytes, size_t count) {
  j_decompress_ptr info = &reader->info;
  jpeg_create_decompress(info);
  info->client_data = reader;
  reader->source = (struct jpeg_source_mgr){
      .next_input_byte = bytes,
      .bytes_in_buffer = count,
      .init_source = nothing,
      .fill_input_buffer = end_of_bytes,
      .skip_input_data = skip_bytes,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = nothing,
  };
  info->src = &reader->source;
  jpeg_save_markers(info, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(info, TRUE);

  bool grey = info->jpeg_color_space == JCS_GRAYSCALE;
  reader->header = (codec_header){info->image_width, info->image_height, grey ? 1 : 3,
                                  (uint32_t)info->num_components * 8};
}

codec_status jpeg_reader_open(jpeg_reader **out, const uint8_t *bytes, size_t count,
                              codec_header *header, codec_message *message) {
  *out = NULL;
  jpeg_reader *reader = calloc(1, sizeof *reader);
  if (!reader) return CODEC_OUT_OF_MEMORY;
  reader->info.err = jpeg_errors_prepare(&reader->errors);
  if (setjmp(reader->errors.escape)) {
    codec_status status = reader->errors.status;
    *message = reader->errors.message;
    jpeg_reader_close(reader);
    return status;
  }
  read_header(reader, bytes, count);
  *header = reader->header;
  *out = reader;
  return CODEC_OK;
}

// Files keep CMYK inverted, as Adobe's do: 255 is no ink. Light passes both the colour and the
// black, so a channel is their product, rounded.
static void rgb_from_inverted_cmyk(const JSAMPLE *inks, uint8_t *rgb, size_t width) {
  for (size_t x = 0; x < width; x++) {
    for (size_t channel = 0; channel < 3; channel++) {
      unsigned product = (unsigned)inks[4 * x + channel] * inks[4 * x + 3] + 128;
      rgb[3 * x + channel] = (uint8_t)((product + (product >> 8)) >> 8);
    }
  }
}

static void read_four_inks(jpeg_reader *reader, uint8_t *samples) {
  j_decompress_ptr info = &reader->info;
  JSAMPARRAY inks =
      info->mem->alloc_sarray((j_common_ptr)info, JPOOL_IMAGE, info->output_width * 4, 1);
  while (info->output_scanline < info->output_height) {
    uint8_t *row = samples + (size_t)info->output_scanline * info->output_width * 3;
    jpeg_read_scanlines(info, inks, 1);
    rgb_from_inverted_cmyk(inks[0], row, info->output_width);
  }
}

static void read_rows(jpeg_reader *reader, uint8_t *samples) {
  j_decompress_ptr info = &reader->info;
  size_t row = (size_t)info->output_width * reader->header.channels;
  JSAMPROW rows[8];
  while (info->output_scanline < info->output_height) {
    JDIMENSION left = info->output_height - info->output_scanline;
    JDIMENSION count = left < 8 ? left : 8;
    for (JDIMENSION y = 0; y < count; y++) rows[y] = samples + (info->output_scanline + y) * row;
    jpeg_read_scanlines(info, rows, count);
  }
}

codec_status jpeg_reader_read(jpeg_reader *reader, int scan_limit, uint8_t *samples,
                              codec_message *message) {
  j_decompress_ptr info = &reader->info;
  size_t row = (size_t)reader->header.width * reader->header.channels;
  if (setjmp(reader->errors.escape)) {
    *message = reader->errors.message;
    size_t done = info->output_scanline;
    memset(samples + done * row, 0, (reader->header.height - done) * row);
    return done > 0 ? CODEC_DAMAGED : reader->errors.status;
  }
  reader->scan_limit = scan_limit;
  reader->progress.progress_monitor = count_scans;
  info->progress = &reader->progress;
  bool inks = info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK;
  info->out_color_space = inks ? JCS_CMYK : reader->header.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress(info);
  if (inks) {
    read_four_inks(reader, samples);
  } else {
    read_rows(reader, samples);
  }
  // With several scans even whole ones may be missing at the end; with one, the last rows are
  // enough, and the end-of-image marker that some cameras forget is not asked for.
  bool scans_missing = reader->ran_out && jpeg_has_multiple_scans(info);
  if (!reader->errors.damaged && !scans_missing) return CODEC_OK;
  *message = reader->errors.message;
  if (!reader->errors.damaged) {
    snprintf(message->text, sizeof message->text, "the file ends too early");
  }
  return CODEC_DAMAGED;
}

const uint8_t *jpeg_reader_exif(jpeg_reader *reader, size_t *count) {
  static const uint8_t signature[6] = "Exif\0";
  for (jpeg_saved_marker_ptr marker = reader->info.marker_list; marker; marker = marker->next) {
    if (marker->data_length <= sizeof signature) continue;
    if (memcmp(marker->data, signature, sizeof signature) != 0) continue;
    *count = marker->data_length - sizeof signature;
    return marker->data + sizeof signature;
  }
  return NULL;
}

void jpeg_reader_close(jpeg_reader *reader) {
  jpeg_destroy_decompress(&reader->info);
  free(reader);
}
