/* ir/fft.h - what inference and expansion of fft share. */
#ifndef IR_FFT_H
#define IR_FFT_H

typedef enum FftType { FFT_FFT, FFT_IFFT, FFT_RFFT, FFT_IRFFT, FFT_NONE } FftType;
FftType fft_type(const char *name);              /* FFT_NONE: there is none of this name */

/* Points along an axis: tables of as many numbers become constants. */
enum { FFT_LENGTH_MAX = 1 << 22 };

#endif
