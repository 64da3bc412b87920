/* Runs the model `parts` on x.npy and prints "same" if y.npy holds the bits of its result.  Usage: run X Y */
#include <stdio.h>
#include <string.h>

#include "parts.h"

static int read_data(const char *path, float *out)
{
	FILE *f = fopen(path, "rb");
	int ok = f && fseek(f, 128, SEEK_SET) == 0 && fread(out, sizeof(float), 320, f) == 320;

	if (f)
		fclose(f);
	return ok;
}

int main(int argc, char **argv)
{
	static float x[320], want[320], y[320];
	tfrt_context *ctx;
	tfrt_options o = { .threads = 1 };
	int64_t dims[] = { 5 };

	if (argc != 3 || !read_data(argv[1], x) || !read_data(argv[2], want))
		return 1;
	o.max_dims = dims;
	if (tfrt_open(&parts_model, &o, &ctx) != TFRT_OK || parts(ctx, 5, x, y) != TFRT_OK)
		return 1;
	puts(memcmp(y, want, sizeof y) == 0 ? "same" : "different");
	tfrt_close(ctx);
	return 0;
}
