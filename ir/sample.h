/* ir/sample.h - what inference and expansion of grid_sample share. */
#ifndef IR_SAMPLE_H
#define IR_SAMPLE_H

#include "ir/resize.h"

/* What lies beyond the borders. */
typedef enum Padding { PADDING_ZEROS, PADDING_BORDER, PADDING_REFLECTION, PADDING_COUNT } Padding;
extern const char *const sample_paddings[PADDING_COUNT];
/* How many elements of an axis make one of the result. */
int sample_taps(ResizeMode mode);

#endif
