/* ir/base/check.h - our own invariants: CHECK stops the compiler with exit code 70. */
#ifndef IR_BASE_CHECK_H
#define IR_BASE_CHECK_H

/* What the compiler is doing right now, printed when a CHECK fails.  The
   driver registers one; NULL fields are left out.  Thread-local, so that
   two compilations in one process do not mix up their reports. */
typedef struct CheckContext {
	const char *pass;  /* name of the running pass, or NULL */
	const char *func;  /* name of the graph at hand, or NULL */
	const char *op;    /* name of the op at hand, or NULL */
	void (*on_fail)(void *arg); /* e.g. writes a reproducer; may be NULL */
	void *arg;
} CheckContext;

extern _Thread_local CheckContext check_context;

_Noreturn void check_fail(const char *file, int line, const char *what, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* CHECK(condition, "format", ...): an invariant of ours, never the user's fault. */
#define CHECK(cond, ...) \
	((cond) ? (void)0 : check_fail(__FILE__, __LINE__, #cond, __VA_ARGS__))
#define UNREACHABLE(...) check_fail(__FILE__, __LINE__, "unreachable", __VA_ARGS__)

#endif
