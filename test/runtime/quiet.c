/* A context in caller memory is made and used without a system call, an allocation or a lock: under strict seccomp, where
   anything but read, write and exit kills the process.
   RUN: %cc -std=gnu17 -I%root %s %tfrt -Wl,--wrap=malloc,--wrap=calloc,--wrap=posix_memalign -o %t
   RUN: %t | %FileCheck %s
   CHECK: fine
   UNSUPPORTED: asan
*/
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "Inputs/fake.h"

const tfrt_model fake_model = { FAKE_MODEL };

static int allocations;
void *__wrap_malloc(size_t n)
{
	(void)n;
	allocations++;
	return NULL;
}
void *__wrap_calloc(size_t n, size_t each)
{
	return __wrap_malloc(n * each);
}
int __wrap_posix_memalign(void **p, size_t align, size_t n)
{
	(void)align;
	*p = __wrap_malloc(n);
	return 12;
}

static void finish(const char *text)
{
	ssize_t n = write(1, text, strlen(text));

	syscall(SYS_exit, n < 0);
}

int main(void)
{
	_Alignas(64) static char block[1024];
	tfrt_storage  storage;
	tfrt_context *ctx;
	float         x[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, y[8];

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
		finish("fine, but without seccomp\n");
	if (tfrt_init(&fake_model, &storage, block, sizeof block, &ctx) != TFRT_OK)
		finish("init failed\n");
	for (int i = 0; i < 100; i++)
		if (fake_scale(ctx, 2, x, y) != TFRT_OK || y[7] != 24)
			finish("call failed\n");
	tfrt_close(ctx);
	finish(allocations ? "allocated\n" : "fine\n");
}
