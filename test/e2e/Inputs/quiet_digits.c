/* quiet_digits.c - a single-threaded call of a compiled model makes no system call, no allocation and takes no lock: it runs
   under strict seccomp, where anything but read, write and exit kills the process. */
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "digits.h"

enum { N = 7 };
_Alignas(TFRT_ALIGN) static unsigned char workspace[DIGITS_WORKSPACE_BYTES(1, N)];
static tfrt_storage storage;

static void finish(const char *text)
{
	ssize_t n = write(1, text, strlen(text));

	syscall(SYS_exit, n < 0);
}

int main(void)
{
	static float  images[N * 64], probs[N * 10];
	tfrt_context *ctx;
	int           likely = 0;

	for (int i = 0; i < N * 64; i++)
		images[i] = (float)(i * 7919 % 17) / 16;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
		finish("no seccomp\n");
	if (tfrt_init(&digits_model, &storage, workspace, sizeof workspace, &ctx) != TFRT_OK)
		finish("init failed\n");
	for (int i = 0; i < 10; i++)
		if (digits(ctx, N, images, probs) != TFRT_OK)
			finish("call failed\n");
	for (int i = 0; i < N * 10; i++)
		likely += probs[i] > 0 && probs[i] < 1;
	finish(likely == N * 10 ? "fine\n" : "nonsense\n");
}
