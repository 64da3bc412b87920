/* Weights in a file: mapped at open; a file that is missing, cut short or of another model is refused.
   RUN: %cc -std=gnu17 -I%root %s %tfrt -lpthread -o %t && %t %t.weights
*/
#include <errno.h>

#include "Inputs/fake.h"

enum { BYTES = 1000, ID = 0x1234567 };

const tfrt_model fake_model = { FAKE_MODEL };
static tfrt_model filed = { FAKE_MODEL };

static void write_file(const char *path, const char *magic, uint64_t id, int64_t bytes, size_t size)
{
	unsigned char data[TFRT_WEIGHTS_HEADER + BYTES] = { 0 };
	FILE         *f = fopen(path, "wb");

	memcpy(data, magic, 8);
	for (int i = 0; i < 8; i++) {
		data[8 + i] = (unsigned char)(id >> 8 * i);
		data[16 + i] = (unsigned char)((uint64_t)bytes >> 8 * i);
	}
	for (int i = 0; i < BYTES; i++)
		data[TFRT_WEIGHTS_HEADER + i] = (unsigned char)(i * 7);
	EXPECT(f && fwrite(data, 1, size, f) == size && fclose(f) == 0);
}

static tfrt_status opened(const char *path)
{
	int64_t       dims[] = { 1, 1, 1 };
	tfrt_context *ctx;
	tfrt_status   s = tfrt_open(&filed, &(tfrt_options){ .max_dims = dims, .weights = path }, &ctx);
	int           saved = errno;

	if (s == TFRT_OK) {
		const unsigned char *w = ctx->weights;
		int                  wrong = (uintptr_t)w % TFRT_ALIGN != 0;
		for (int i = 0; i < BYTES; i++)
			wrong += w[i] != (unsigned char)(i * 7);
		EXPECT(wrong == 0);
	}
	tfrt_close(ctx);
	errno = saved;
	return s;
}

int main(int argc, char **argv)
{
	const char   *path = argv[argc - 1];
	size_t        all = TFRT_WEIGHTS_HEADER + BYTES;
	tfrt_storage  storage;
	tfrt_context *ctx;

	filed.weights_file = path;
	filed.weights_bytes = BYTES;
	filed.weights_id = ID;
	write_file(path, TFRT_WEIGHTS_MAGIC, ID, BYTES, all);
	EXPECT(opened(NULL) == TFRT_OK);
	EXPECT(opened(path) == TFRT_OK);
	EXPECT(tfrt_init(&filed, &storage, NULL, 0, &ctx) == TFRT_INVALID);
	EXPECT(opened("no/such.weights") == TFRT_IO && errno == ENOENT);
	write_file(path, TFRT_WEIGHTS_MAGIC, ID + 1, BYTES, all);
	EXPECT(opened(path) == TFRT_VERSION);
	write_file(path, TFRT_WEIGHTS_MAGIC, ID, BYTES - 1, all);
	EXPECT(opened(path) == TFRT_VERSION);
	write_file(path, "not-ours", ID, BYTES, all);
	EXPECT(opened(path) == TFRT_IO && errno == EINVAL);
	static const size_t cuts[] = { 0, 1, 63, 64, TFRT_WEIGHTS_HEADER + BYTES - 1 };
	for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
		write_file(path, TFRT_WEIGHTS_MAGIC, ID, BYTES, cuts[i]);
		EXPECT(opened(path) == TFRT_IO && errno == EINVAL);
	}
	return report();
}
