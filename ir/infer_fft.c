/* ir/infer_fft.c - inference of fft. */
#include <string.h>

#include "ir/fft.h"
#include "ir/infer_impl.h"

FftType fft_type(const char *name)
{
	static const char *const names[] = { [FFT_FFT] = "fft", [FFT_IFFT] = "ifft", [FFT_RFFT] = "rfft", [FFT_IRFFT] = "irfft" };
	int t = 0;

	while (t < FFT_NONE && strcmp(name, names[t]))
		t++;
	return (FftType)t;
}

bool infer_fft(Infer *in)
{
	const struct attrs_fft *a = op_attrs(fft, in->op);
	const Type *x = infer_arg(in, 0);
	FftType type = fft_type(a->type);
	int n = a->length.n, first = x->rank - n;
	Dim dim[RANK_MAX];

	if (type == FFT_NONE)
		return infer_fail(in, "'type' is \"%s\", wanted \"fft\", \"ifft\", \"rfft\" or \"irfft\"", a->type);
	if (!infer_dtype_in(in, 0, type == FFT_RFFT ? DTS(DT_F32) | DTS(DT_F64) : DTS_COMPLEX))
		return false;
	if (n < 1 || n > 3 || first < 0)
		return infer_fail(in, "'length' has %d entries, wanted 1 to 3, and no more than the operand has axes, which are %d", n, x->rank);
	for (int i = 0; i < x->rank; i++)
		dim[i] = x->dim[i];
	for (int i = 0; i < n; i++) {
		int64_t length = a->length.at[i], have = i == n - 1 && type == FFT_IRFFT ? length / 2 + 1 : length;
		if (length < 0 || length > FFT_LENGTH_MAX)
			return infer_fail(in, "'length' has the entry %lld; 0 to %d are supported", (long long)length, FFT_LENGTH_MAX);
		if (have != length && length == 0)
			have = 0;
		if (!infer_equal(in, dim[first + i], infer_const(in, have), "axis %d has extent %s, wanted %lld for a length of %lld", first + i,
		                 infer_dim_text(in, dim[first + i]), (long long)have, (long long)length))
			return false;
		dim[first + i] = infer_const(in, length);
	}
	DType t = x->dtype;
	if (type == FFT_RFFT) {
		int64_t length = a->length.at[n - 1];
		dim[x->rank - 1] = infer_const(in, length ? length / 2 + 1 : 0);
		t = t == DT_F32 ? DT_C64 : DT_C128;
	} else if (type == FFT_IRFFT) {
		t = dtype_part(t);
	}
	return infer_result(in, t, x->rank, dim);
}
