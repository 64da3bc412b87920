/* Eight steps in place and eight with buffers apart: the same bits, and the losses that are in the file named. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "step.h"

enum { B = 5, V = 5, W = 15 };

typedef struct State { float b[B], v[V], w[W], mb[B], mv[V], mw[W]; } State;

static void fill(float *x, int n, int first)
{
	for (int i = 0; i < n; i++)
		x[i] = (float)((i * 7 + first) % 11 - 5) / 8;
}

static void start(State *s)
{
	memset(s, 0, sizeof *s);
	fill(s->b, B, 0);
	fill(s->v, V, 1);
	fill(s->w, W, 2);
}

static int advance(tfrt_context *ctx, const State *from, State *to, const float *x, const float *y, float *loss)
{
	return step(ctx, from->b, from->v, from->w, from->mb, from->mv, from->mw, x, y, to->b, to->v, to->w, to->mb, to->mv, to->mw, loss);
}

int main(int argc, char **argv)
{
	static State here, apart[2];
	float x[12], y[4], loss, other;
	FILE *f = fopen(argv[argc - 1], "r");
	tfrt_context *ctx;
	int wrong = 0;
	double want;

	fill(x, 12, 3);
	fill(y, 4, 4);
	start(&here);
	start(&apart[0]);
	if (!f || tfrt_open(&step_model, NULL, &ctx) != TFRT_OK)
		return 1;
	for (int i = 0; i < 8; i++) {
		if (advance(ctx, &here, &here, x, y, &loss) != TFRT_OK || advance(ctx, &apart[i % 2], &apart[(i + 1) % 2], x, y, &other) != TFRT_OK)
			return 1;
		wrong += memcmp(&here, &apart[(i + 1) % 2], sizeof here) != 0 || memcmp(&loss, &other, sizeof loss) != 0;
		wrong += fscanf(f, "%lf", &want) != 1 || !(fabs(loss - want) <= 1e-5 * want);
	}
	printf("8 steps, %d wrong\n", wrong);
	tfrt_close(ctx);
	return 0;
}
