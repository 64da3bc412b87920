/* frontend/wire.h - bounds-checked reads of foreign bytes: no length, offset or product is trusted. */
#ifndef FRONTEND_WIRE_H
#define FRONTEND_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left to read. Every read is false, and takes nothing, when less is left than it wants. */
typedef struct Wire {
	const unsigned char *at;
	size_t left;
} Wire;

bool wire_bytes(Wire *w, size_t n, const void **out);
bool wire_u8(Wire *w, uint8_t *out);
bool wire_u16(Wire *w, uint16_t *out);    /* little-endian, as the others */
bool wire_u32(Wire *w, uint32_t *out);
bool wire_u64(Wire *w, uint64_t *out);

/* Bytes of a dense tensor. False when a dimension is negative, or when the product of all that are not 0 leaves
   63 bits: then no offset into such a tensor is safe either. */
bool wire_tensor_bytes(int rank, const int64_t *dim, size_t elem_size, size_t *out);

/* Every byte is 0 or 1, as code that computes with bools relies on. */
bool wire_are_bools(const void *bytes, size_t n);

#endif
