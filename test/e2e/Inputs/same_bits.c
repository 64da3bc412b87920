/* same_bits.c - runs the compiled digits on all images, one, seven and all at a time, on 1, 2 and 3 threads; every result
   must have the bits of a file.

   usage: same_bits IMAGES.npy WANTED.npy [VARIANT [COUNT]]       (COUNT: only so many images) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digits.h"

enum { IMAGES = 360, PIXELS = 64, CLASSES = 10 };

/* The data of an .npy file are its last bytes. */
static float *read_floats(const char *path, size_t n)
{
	FILE  *f = fopen(path, "rb");
	float *data = (float *)malloc(n * sizeof *data);

	if (!f || !data || fseek(f, -(long)(n * sizeof *data), SEEK_END) != 0 || fread(data, sizeof *data, n, f) != n) {
		fprintf(stderr, "cannot read %s\n", path);
		exit(1);
	}
	fclose(f);
	return data;
}

int main(int argc, char **argv)
{
	int64_t              count = argc > 4 ? atoi(argv[4]) : IMAGES, batches[] = { 1, 7, count };
	static float         probs[IMAGES * CLASSES];
	float               *images = read_floats(argv[1], IMAGES * PIXELS), *wanted = read_floats(argv[2], IMAGES * CLASSES);
	int                  wrong = 0;
	const char          *variant = "";

	for (int32_t threads = 1; threads <= 3; threads++)
		for (int b = 0; b < 3; b++) {
			tfrt_options  options = { 0 };
			tfrt_context *ctx;
			options.threads = threads;
			options.max_dims = &batches[b];
			options.variant = argc > 3 ? argv[3] : NULL;
			tfrt_status s = tfrt_open(&digits_model, &options, &ctx);
			memset(probs, 0xff, sizeof probs);
			for (int64_t at = 0, n; s == TFRT_OK && at < count; at += n) {
				n = count - at < batches[b] ? count - at : batches[b];
				s = digits(ctx, n, images + at * PIXELS, probs + at * CLASSES);
			}
			if (s != TFRT_OK) {
				fprintf(stderr, "%s\n", tfrt_message(s));
				return 1;
			}
			variant = tfrt_variant_name(ctx);
			if (memcmp(probs, wanted, (size_t)count * CLASSES * sizeof *probs) != 0) {
				printf("other bits with %d threads, %d at a time\n", (int)threads, (int)batches[b]);
				wrong++;
			}
			tfrt_close(ctx);
		}
	printf("%s: %d of 9 runs differ\n", variant, wrong);
	free(images);
	free(wanted);
	return wrong != 0;
}
