/* ir/base/diag.h - diagnostics about the user's input and about the surroundings. */
#ifndef IR_BASE_DIAG_H
#define IR_BASE_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "ir/base/arena.h"
#include "ir/base/source.h"

typedef enum Severity { SEV_ERROR, SEV_WARNING, SEV_REMARK, SEV_NOTE } Severity;

typedef struct Diagnostic {
	Severity    severity;
	Loc         loc;
	const char *text;
} Diagnostic;

/* Collected, not thrown: a function that fails says so in its result after
   adding at least one error here.  At most `max_errors` errors are kept (20
   by default); the rest are counted. */
typedef struct Diag {
	Arena      *arena;
	Diagnostic *at;
	int         n, cap;
	int         nerrors, nwarnings;
	int         max_errors;
	bool        dropped;       /* the last error was over the limit: its notes go as well */
	bool        surroundings;  /* at least one error was about the surroundings: exit code 1, not 2 */
} Diag;

void diag_init(Diag *d, Arena *a);
void diag_add(Diag *d, Severity sev, Loc loc, const char *fmt, va_list ap);
void diag_error(Diag *d, Loc loc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void diag_warning(Diag *d, Loc loc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void diag_remark(Diag *d, Loc loc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void diag_note(Diag *d, Loc loc, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The surroundings: no such file, disk full.  Sets d->surroundings. */
void diag_system(Diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* `file:line:col: error: text`, the source line and a caret range; notes
   after their error.  Tabs are kept in the line and mirrored below it. */
void diag_print(const Diag *d, FILE *out);
int  diag_exit_code(const Diag *d);    /* 0 without errors, 1 surroundings, 2 refused input */

#endif
