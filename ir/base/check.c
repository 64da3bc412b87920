/* ir/base/check.c - how the compiler stops when it is wrong itself. */
#include "ir/base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

_Thread_local CheckContext check_context;

static void print_context(const CheckContext *c)
{
	if (!c->pass && !c->func && !c->op)
		return;
	fputs("  while working", stderr);
	if (c->pass)
		fprintf(stderr, " in pass '%s'", c->pass);
	if (c->func)
		fprintf(stderr, " on graph '%s'", c->func);
	if (c->op)
		fprintf(stderr, " at op '%s'", c->op);
	fputc('\n', stderr);
}

void check_fail(const char *file, int line, const char *what, const char *fmt, ...)
{
	CheckContext c = check_context;
	va_list ap;

	/* A check that fails inside on_fail must not come back here with the same context. */
	check_context = (CheckContext){ 0 };
	fprintf(stderr, "internal error: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n  check failed: %s (%s:%d)\n", what, file, line);
	print_context(&c);
	fputs("  this is a bug in the compiler, not in its input\n", stderr);
	if (c.on_fail)
		c.on_fail(c.arg);
	/* exit, not abort or _Exit: output so far is flushed, and fuzzers notice it. */
	exit(70);
}
