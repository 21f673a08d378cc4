#include "jpeg_errors.h"

#include <jerror.h>

static codec_status status_of(int code) {
  switch (code) {
  case JERR_OUT_OF_MEMORY:
  case JERR_NO_BACKING_STORE:
    return CODEC_OUT_OF_MEMORY;
  case JERR_ARITH_NOTIMPL:
  case JERR_BAD_J_COLORSPACE:
  case JERR_BAD_PRECISION:
  case JERR_CCIR601_NOTIMPL:
  case JERR_COMPONENT_COUNT:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_FRACT_SAMPLE_NOTIMPL:
  case JERR_IMAGE_TOO_BIG:
  case JERR_SOF_UNSUPPORTED:
    return CODEC_UNSUPPORTED;
  default:
    return CODEC_INVALID;
  }
}

// Other warnings (stray bytes between markers, say) leave the picture whole.
static bool loses_pixels(int code) {
  return code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE || code == JWRN_ARITH_BAD_CODE ||
         code == JWRN_MUST_RESYNC;
}

static void keep_message(jpeg_errors *errors, j_common_ptr info) {
  char text[JMSG_LENGTH_MAX];
  errors->base.format_message(info, text);
  snprintf(errors->message.text, sizeof errors->message.text, "%s", text);
}

static void leave(j_common_ptr info) {
  jpeg_errors *errors = (jpeg_errors *)info->err;
  keep_message(errors, info);
  errors->status = status_of(errors->base.msg_code);
  longjmp(errors->escape, 1);
}

static void note(j_common_ptr info, int level) {
  jpeg_errors *errors = (jpeg_errors *)info->err;
  if (level >= 0 || errors->damaged || !loses_pixels(errors->base.msg_code)) return;
  errors->damaged = true;
  keep_message(errors, info);
}

static void print_nothing(j_common_ptr info) { (void)info; }

struct jpeg_error_mgr *jpeg_errors_prepare(jpeg_errors *errors) {
  jpeg_std_error(&errors->base);
  errors->base.error_exit = leave;
  errors->base.emit_message = note;
  errors->base.output_message = print_nothing;
  return &errors->base;
}
