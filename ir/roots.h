/* ir/roots.h - roots of unity, for the constants of Fourier transforms. */
#ifndef IR_ROOTS_H
#define IR_ROOTS_H

#include <stdint.h>

/* re[k] + i im[k] = exp(-2 pi i k / n) for k < n, rounded to nearest from about 100 bits. */
void roots_of_unity(int64_t n, double *re, double *im);
/* The discrete Fourier transform of n numbers in place, n a power of two; plain doubles. */
void transform_numbers(int64_t n, double *re, double *im);

#endif
