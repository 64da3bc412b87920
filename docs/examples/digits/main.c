/* main.c - classifies the 360 test images with the compiled model and shows some of them.

   usage: digits DATA-DIR        (reads digits_test_x.npy and digits_test_y.npy there)

   All that the model needs: digits.h and digits.o as tfcc wrote them, tfrt.h, and libtfrt.a. */
#include "digits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 8, PIXELS = SIDE * SIDE, CLASSES = 10, PER_ROW = 5 };

/* Reads an .npy file of count * n elements, n being found from the file's size: 4-byte little-endian numbers whose
   type is `descr`.  Returns n; ends the program if the file is not what was asked for. */
static int64_t read_npy(const char *dir, const char *name, const char *descr, int64_t count, void **out)
{
	char path[4096], header[4096];
	unsigned char start[10];
	size_t header_bytes, bytes;
	long end;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (f == NULL) {
		perror(path);
		exit(1);
	}
	/* "\x93NUMPY", version 1.0, length of the header, and the header: a Python dict as text */
	if (fread(start, 1, 10, f) != 10 || memcmp(start, "\x93NUMPY\x01", 7) != 0)
		goto bad;
	header_bytes = start[8] | (size_t)start[9] << 8;
	if (header_bytes >= sizeof header || fread(header, 1, header_bytes, f) != header_bytes)
		goto bad;
	header[header_bytes] = '\0';
	if (strstr(header, descr) == NULL || strstr(header, "'fortran_order': False") == NULL)
		goto bad;
	if (fseek(f, 0, SEEK_END) != 0 || (end = ftell(f)) < 0 || fseek(f, 10 + (long)header_bytes, SEEK_SET) != 0)
		goto bad;
	bytes = (size_t)end - 10 - header_bytes;
	*out = malloc(bytes + 1);
	if (*out == NULL || bytes % (4 * (size_t)count) != 0 || fread(*out, 1, bytes, f) != bytes)
		goto bad;
	fclose(f);
	return (int64_t)(bytes / 4) / count;
bad:
	fprintf(stderr, "%s: not an .npy file with elements %s\n", path, descr);
	exit(1);
}

static int best_of(const float *probs)
{
	int best = 0;

	for (int i = 1; i < CLASSES; i++) {
		if (probs[i] > probs[best])
			best = i;
	}
	return best;
}

/* Prints up to PER_ROW images side by side, and below each what the model says. */
static void show(const float *images, const float *probs, const int32_t *labels, const int64_t *which, int n)
{
	static const char shade[] = " .:-=+*#%@";

	for (int y = 0; y < SIDE; y++) {
		for (int k = 0; k < n; k++) {
			const float *row = images + which[k] * PIXELS + y * SIDE;

			printf("  ");
			for (int x = 0; x < SIDE; x++) {
				float v = row[x] > 0.0f ? row[x] < 1.0f ? row[x] : 1.0f : 0.0f; /* NaN: 0 */
				char c = shade[(int)(v * 9.0f + 0.5f)];

				putchar(c);
				putchar(c);
			}
		}
		putchar('\n');
	}
	for (int k = 0; k < n; k++) {
		const float *p = probs + which[k] * CLASSES;
		int best = best_of(p);
		char text[64];

		if (best == labels[which[k]])
			snprintf(text, sizeof text, "%d  (%.1f %%)", best, 100.0 * p[best]);
		else
			snprintf(text, sizeof text, "%d  (is %d)", best, (int)labels[which[k]]);
		printf("  %-16s", text);
	}
	printf("\n\n");
}

int main(int argc, char **argv)
{
	float *images, *probs;
	int32_t *labels;
	int64_t n, right = 0, first[PER_ROW], wrong[PER_ROW];
	int nwrong = 0;
	void *data;
	tfrt_context *ctx;
	tfrt_options options = { 0 };
	tfrt_status status;

	if (argc != 2) {
		fprintf(stderr, "usage: digits DATA-DIR\n");
		return 1;
	}
	n = read_npy(argv[1], "digits_test_x.npy", "'<f4'", PIXELS, &data);
	images = data;
	if (read_npy(argv[1], "digits_test_y.npy", "'<i4'", 1, &data) != n) {
		fprintf(stderr, "images and labels differ in number\n");
		return 1;
	}
	labels = data;
	probs = malloc((size_t)n * CLASSES * sizeof *probs);
	if (probs == NULL || n < PER_ROW)
		return 1;

	options.max_dims = &n; /* the largest batch that we will ask for */
	status = tfrt_open(&digits_model, &options, &ctx);
	if (status == TFRT_OK)
		status = digits(ctx, n, images, probs);
	if (status != TFRT_OK) {
		fprintf(stderr, "digits: %s\n", tfrt_message(status));
		return 1;
	}
	printf("model '%s', compiled for %s\n\n", tfrt_model_name(&digits_model), tfrt_variant_name(ctx));
	tfrt_close(ctx);

	for (int64_t i = 0; i < n; i++) {
		if (i < PER_ROW)
			first[i] = i;
		if (best_of(probs + i * CLASSES) == labels[i])
			right++;
		else if (nwrong < PER_ROW)
			wrong[nwrong++] = i;
	}
	printf("The first images of the test set:\n\n");
	show(images, probs, labels, first, PER_ROW);
	if (nwrong > 0) {
		printf("Images that it gets wrong:\n\n");
		show(images, probs, labels, wrong, nwrong);
	}
	printf("%d of %d right: accuracy %.2f %%\n", (int)right, (int)n, 100.0 * (double)right / (double)n);
	free(images);
	free(labels);
	free(probs);
	return 0;
}
