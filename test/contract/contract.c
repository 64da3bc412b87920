/* test/contract/contract.c - the program `contract`: batches of graphs, compared bit for bit. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/contract/contract.h"

static const char usage[] =
	"usage: contract [options] FILE.graph ...\n"
	"  --only=NAME      this graph alone\n"
	"  --configs=LIST   these ways to compile: passes c-O0 c-O2 c-plain v3-O0 v3-O1 v3-O3 v3-plain v4-O0 v4-O3 native-O2 v2-O2\n"
	"  --all            every way to compile\n"
	"  --relax          compare what is left after the pass that changes roundings\n"
	"  --bound          every set once more with its symbols bound to their numbers\n"
	"  --rows           N counts samples: each sample alone gives the bits that it gives in the batch\n"
	"  --extent=N=7     the number of a symbol, in every set\n"
	"  --sets=N         sets of inputs for a graph with symbols (default 3)\n"
	"  --first=N        the number of the first set, 0 to 7\n"
	"  --rotate         each graph with one number of threads, in turn, instead of 1, 2 and 3\n"
	"  --seed=N         of made-up inputs\n"
	"  --dir=DIR        for files on the way (default: a new one); --keep leaves them\n"
	"  --most=N         differences that are printed (default 20)\n";

/* Only async-signal-safe calls. */
static void on_crash(int sig)
{
	static const char what[] = "contract: crashed: ";
	ssize_t r = write(2, what, sizeof what - 1);

	r = write(2, running, strlen(running));
	r = write(2, "\n", 1);
	(void)r;
	_exit(128 + sig);
}

static void catch_crashes(void)
{
	static char stack[1 << 16];
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM, SIGTRAP };
	struct sigaction a = { .sa_handler = on_crash, .sa_flags = SA_ONSTACK };
	stack_t s = { .ss_sp = stack, .ss_size = sizeof stack };

	sigaltstack(&s, NULL);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &a, NULL);
}

static bool extent_option(Options *o, char *arg)
{
	char *number = strchr(arg, '=');

	if (!number)
		return false;
	*number++ = 0;
	o->extent_name = arg;
	o->extent_value = atoll(number);
	return true;
}

static bool option(Options *o, char *arg)
{
	if (strncmp(arg, "--only=", 7) == 0)
		o->only = arg + 7;
	else if (strncmp(arg, "--configs=", 10) == 0)
		o->configs = arg + 10;
	else if (strncmp(arg, "--sets=", 7) == 0)
		o->nsets = atoi(arg + 7) < MAX_SETS ? atoi(arg + 7) : MAX_SETS;
	else if (strncmp(arg, "--seed=", 7) == 0)
		o->seed = strtoull(arg + 7, NULL, 10);
	else if (strncmp(arg, "--first=", 8) == 0)
		o->first = atoi(arg + 8) & (MAX_SETS - 1);
	else if (strcmp(arg, "--rotate") == 0)
		o->rotate = true;
	else if (strncmp(arg, "--dir=", 6) == 0)
		o->dir = arg + 6;
	else if (strncmp(arg, "--most=", 7) == 0)
		o->most = atoi(arg + 7);
	else if (strncmp(arg, "--timeout=", 10) == 0)
		alarm((unsigned)atoi(arg + 10));
	else if (strcmp(arg, "--all") == 0)
		o->all = true;
	else if (strncmp(arg, "--extent=", 9) == 0)
		return extent_option(o, arg + 9);
	else if (strcmp(arg, "--rows") == 0)
		o->rows = true;
	else if (strcmp(arg, "--bound") == 0)
		o->bound = true;
	else if (strcmp(arg, "--relax") == 0)
		o->relax = true;
	else if (strcmp(arg, "--keep") == 0)
		o->keep = true;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	char made[] = "/tmp/contract-XXXXXX";
	Options o = { .nsets = 3, .most = 20 };
	int ngraphs = 0, ncompared = 0, nskipped = 0, nfailed = 0, first = 1;

	while (first < argc && argv[first][0] == '-')
		if (!option(&o, argv[first++])) {
			fputs(usage, stderr);
			return 1;
		}
	if (!o.dir && !(o.dir = mkdtemp(made))) {
		perror("contract: mkdtemp");
		return 1;
	}
	catch_crashes();
	for (int i = first; i < argc; i++) {
		Batch b;
		if (batch_read(&b, argv[i], &o))
			run_configs(&b);
		ngraphs += b.ncases;
		ncompared += b.ncompared;
		nskipped += b.nskipped;
		nfailed += b.nfailed;
		batch_free(&b);
	}
	if (o.dir == made && !o.keep)
		rmdir(made);
	printf("contract: %d graphs, %d results compared, %d differences, %d configurations skipped\n", ngraphs, ncompared,
	       nfailed, nskipped);
	return nfailed > 0;
}
