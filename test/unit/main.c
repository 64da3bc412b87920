/* test/unit/main.c - runs the registered tests: unit [--list] [FILTER...], a filter being part of "file:name". */
#include "test/unit/unit.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static UnitTest *tests;
static const UnitTest *running;
static int nfailures; /* of the running test */
static const char *skip_reason;

static int compare(const UnitTest *a, const UnitTest *b)
{
	int c = strcmp(a->file, b->file);

	return c ? c : strcmp(a->name, b->name);
}

/* Sorted by file and name: the order of constructors is the linker's. */
void unit_register(UnitTest *t)
{
	UnitTest **at = &tests;

	while (*at && compare(*at, t) < 0)
		at = &(*at)->next;
	t->next = *at;
	*at = t;
}

void unit_fail(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	nfailures++;
	fprintf(stderr, "%s:%d: %s: ", file, line, running ? running->name : "?");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void unit_skip(const char *reason)
{
	skip_reason = reason;
}

bool unit_int(const char *file, int line, const char *what, long long found, long long wanted)
{
	if (found == wanted)
		return true;
	unit_fail(file, line, "%s: found %lld, wanted %lld", what, found, wanted);
	return false;
}

bool unit_f32(const char *file, int line, const char *what, float found, float wanted)
{
	uint32_t f, w;

	memcpy(&f, &found, sizeof f);
	memcpy(&w, &wanted, sizeof w);
	if (f == w || (found != found && wanted != wanted))
		return true;
	unit_fail(file, line, "%s: found %.9g (0x%08x), wanted %.9g (0x%08x)", what, found, f, wanted, w);
	return false;
}

bool unit_f64(const char *file, int line, const char *what, double found, double wanted)
{
	uint64_t f, w;

	memcpy(&f, &found, sizeof f);
	memcpy(&w, &wanted, sizeof w);
	if (f == w || (found != found && wanted != wanted))
		return true;
	unit_fail(file, line, "%s: found %.17g (0x%016llx), wanted %.17g (0x%016llx)", what, found,
	          (unsigned long long)f, wanted, (unsigned long long)w);
	return false;
}

bool unit_str(const char *file, int line, const char *what, const char *found, const char *wanted)
{
	if (found == wanted || (found && wanted && strcmp(found, wanted) == 0))
		return true;
	unit_fail(file, line, "%s:\n  found:  %s\n  wanted: %s", what, found ? found : "(null)",
	          wanted ? wanted : "(null)");
	return false;
}

bool unit_bytes(const char *file, int line, const char *what, const void *found, const void *wanted, size_t n)
{
	const unsigned char *f = found, *w = wanted;

	for (size_t i = 0; i < n; i++) {
		if (f[i] != w[i]) {
			unit_fail(file, line, "%s: byte %zu of %zu: found 0x%02x, wanted 0x%02x", what, i, n, f[i], w[i]);
			return false;
		}
	}
	return true;
}

static bool child; /* we are the child of unit_child: its end is expected */

int unit_child(void (*fn)(void *), void *arg, char *err, size_t nerr)
{
	int fds[2], status = 0;
	size_t n = 0;
	char spill[256];
	ssize_t got;
	pid_t pid;

	fflush(NULL);
	if (pipe(fds) != 0)
		return -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid == 0) {
		child = true;
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		fn(arg);
		fflush(NULL);
		_exit(0);
	}
	close(fds[1]);
	for (;;) {
		bool keep = err && n + 1 < nerr;

		got = keep ? read(fds[0], err + n, nerr - 1 - n) : read(fds[0], spill, sizeof spill);
		if (got <= 0)
			break;
		if (keep)
			n += (size_t)got;
	}
	if (err && nerr)
		err[n] = '\0';
	close(fds[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* A test that ends the process would hide the rest: name it. */
static void report_exit(void)
{
	if (running && !child)
		fprintf(stderr, "%s: %s: ended the process\n0 passed, 1 failed\n", running->file, running->name);
}

static void report_signal(int sig)
{
	if (running && !child)
		fprintf(stderr, "%s: %s: %s\n0 passed, 1 failed\n", running->file, running->name, strsignal(sig));
	signal(sig, SIG_DFL);
	raise(sig);
}

static bool is_wanted(const UnitTest *t, int nfilters, char **filters)
{
	char name[512];

	snprintf(name, sizeof name, "%s:%s", t->file, t->name);
	for (int i = 0; i < nfilters; i++) {
		if (strstr(name, filters[i]))
			return true;
	}
	return nfilters == 0;
}

int main(int argc, char **argv)
{
	bool list = argc > 1 && strcmp(argv[1], "--list") == 0;
	int npassed = 0, nfailed = 0, nskipped = 0;

	atexit(report_exit);
#ifndef __SANITIZE_ADDRESS__
	signal(SIGSEGV, report_signal);
	signal(SIGBUS, report_signal);
	signal(SIGFPE, report_signal);
#endif
	signal(SIGABRT, report_signal);
	for (const UnitTest *t = tests; t; t = t->next) {
		if (!is_wanted(t, argc - 1 - list, argv + 1 + list))
			continue;
		if (list) {
			printf("%s:%s\n", t->file, t->name);
			continue;
		}
		running = t;
		nfailures = 0;
		skip_reason = NULL;
		t->run();
		running = NULL;
		if (nfailures) {
			nfailed++;
			fprintf(stderr, "FAILED %s\n", t->name);
		} else if (skip_reason) {
			nskipped++;
			printf("SKIPPED %s: %s\n", t->name, skip_reason);
		} else {
			npassed++;
		}
	}
	if (list)
		return 0;
	printf("%d passed, %d failed", npassed, nfailed);
	if (nskipped)
		printf(", %d skipped", nskipped);
	printf("\n");
	return nfailed ? 1 : 0;
}
