/* tools/run_cc.c - printed C, compiled by the system's compiler and loaded. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/run.h"

/* The words of s, appended; NULL-terminated. */
static int add_words(Arena *a, const char *s, char **argv, int n, int cap)
{
	char *save = NULL;

	for (char *word = strtok_r(arena_strdup(a, s), " \t\n", &save); word && n + 1 < cap;
	     word = strtok_r(NULL, " \t\n", &save))
		argv[n++] = word;
	argv[n] = NULL;
	return n;
}

static bool run_program(Ctx *ctx, const char *dir, char **argv)
{
	int status;
	fflush(NULL);
	pid_t pid = fork();

	if (pid == 0) {
		if (chdir(dir) == 0)
			execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		diag_system(&ctx->diag, "cannot run %s: %s", argv[0], strerror(errno));
		return false;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		diag_system(&ctx->diag, "cannot run %s; TFCC_CC names the C compiler", argv[0]);
	else
		diag_system(&ctx->diag, "%s has refused the C that was printed; TFCC_CC and --cc-flags choose another way", argv[0]);
	return false;
}

void *library_load(Ctx *ctx, const RunnerOptions *o, const char *dir, const char *stem)
{
	const char *cc = o->cc ? o->cc : getenv("TFCC_CC"), *flags = o->cc_flags ? o->cc_flags : getenv("TFCC_CC_FLAGS");
	char *argv[128];
	int n = 0;

	n = add_words(ctx->arena, cc && cc[0] ? cc : "cc", argv, n, 64);
	n = add_words(ctx->arena, flags ? flags : "-O2 -march=native", argv, n, 120);
	n = add_words(ctx->arena, "-shared -fPIC -I. -o", argv, n, 125);
	argv[n++] = arena_printf(ctx->arena, "%s.so", stem);
	argv[n++] = arena_printf(ctx->arena, "%s.c", stem);
	argv[n] = NULL;
	if (!run_program(ctx, dir, argv))
		return NULL;
	void *library = dlopen(arena_printf(ctx->arena, "%s/%s.so", dir, stem), RTLD_NOW | RTLD_LOCAL);
	if (!library)
		diag_system(&ctx->diag, "cannot load what %s has made: %s", argv[0], dlerror());
	return library;
}
