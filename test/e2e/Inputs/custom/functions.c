/* What custom.graph calls. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int scale_rows(const float *x, float *y, float *sum, int64_t n, const char *config);
int note(const int64_t *i);
int is_even(const int64_t *i, uint8_t *even);
int add_one(const float *x, float *y, int64_t n);

int scale_rows(const float *x, float *y, float *sum, int64_t n, const char *config)
{
	if (strcmp(config, "by 3") != 0)
		return 1;
	for (int64_t i = 0; i < n; i++) {
		sum[i] = 0;
		for (int k = 0; k < 4; k++)
			sum[i] += y[i * 4 + k] = x[i * 4 + k] * 3;
	}
	return 0;
}

/* Refuses 9. */
int note(const int64_t *i)
{
	printf("note %lld\n", (long long)*i);
	fflush(stdout);
	return *i == 9 ? 77 : 0;
}

int is_even(const int64_t *i, uint8_t *even)
{
	*even = *i % 2 == 0;
	return 0;
}

int add_one(const float *x, float *y, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		y[i] = x[i] + 1;
	return 0;
}
