/* test/unit/diag_test.c - sources, locations, and what diagnostics look like. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "ir/base/diag.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/unit/unit.h"

static char *printed(const Diag *d, Arena *a)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	diag_print(d, f);
	fclose(f);
	char *copy = arena_strndup(a, text, n);
	free(text);
	return copy;
}

/* The range of the first occurrence of `word` in the source. */
static Loc loc_of(Arena *a, Source *s, const char *word)
{
	size_t at = (size_t)(strstr(s->text, word) - s->text);

	return loc_range(a, s, at, at + strlen(word));
}

static Source *text_source(Arena *a, const char *name, const char *text)
{
	return source_from_text(a, name, text, strlen(text));
}

TEST(diag_error_with_caret_and_note)
{
	Arena *a = arena_new();
	Diag d;
	Source *s = text_source(a, "mlp.graph",
		"graph @mlp(\n\n  %x: f32[2, 3, 4]) {\n\n\n\n  %y = transpose %x {permutation = [1, 0]}\n}\n");

	diag_init(&d, a);
	diag_error(&d, loc_of(a, s, "[1, 0]"),
	           "transpose: 'permutation' has %d entries, but the operand has rank %d", 2, 3);
	diag_note(&d, loc_of(a, s, "%x"), "the operand is defined here");
	diag_error(&d, loc_name(a, "resnet.onnx: node 41 \"layer2/conv1\" (Conv), attribute \"group\""),
	           "3 does not divide the 64 input channels");
	EXPECT_STR(printed(&d, a),
		"mlp.graph:7:36: error: transpose: 'permutation' has 2 entries, but the operand has rank 3\n"
		"    7 |   %y = transpose %x {permutation = [1, 0]}\n"
		"      |                                    ^~~~~~\n"
		"mlp.graph:3:3: note: the operand is defined here\n"
		"    3 |   %x: f32[2, 3, 4]) {\n"
		"      |   ^~\n"
		"resnet.onnx: node 41 \"layer2/conv1\" (Conv), attribute \"group\": error: "
		"3 does not divide the 64 input channels\n");
	EXPECT_EQ_INT(diag_exit_code(&d), 2);
	arena_free(a);
}

TEST(diag_places_without_text)
{
	Arena *a = arena_new();
	Diag d;
	Loc parts[6];

	for (unsigned i = 0; i < 5; i++)
		parts[i] = loc_file(a, "a.graph", i + 1, 7);
	parts[5] = loc_name(a, "net.onnx: node 3");
	diag_init(&d, a);
	diag_warning(&d, parts[0], "one");
	diag_remark(&d, NULL, "two");
	diag_remark(&d, loc_fused(a, (Loc[]){ parts[0], parts[5] }, 2), "three");
	diag_note(&d, loc_fused(a, parts, 6), "four");
	EXPECT_STR(printed(&d, a),
		"a.graph:1:7: warning: one\n"
		"remark: two\n"
		"a.graph:1, net.onnx: node 3: remark: three\n"
		"a.graph:1, a.graph:2, a.graph:3 and 3 more: note: four\n");
	EXPECT_EQ_INT(d.nerrors, 0);
	EXPECT_EQ_INT(d.nwarnings, 1);
	EXPECT_EQ_INT(diag_exit_code(&d), 0);
	arena_free(a);
}

TEST(diag_tabs_and_wide_text_keep_the_caret_below)
{
	Arena *a = arena_new();
	Diag d;
	Source *s = text_source(a, "t", "\t%a =\tfoo\n\"gr\xc3\xb6\xc3\x9f" "e\" bar\r\nend");

	diag_init(&d, a);
	diag_error(&d, loc_of(a, s, "foo"), "tab");
	diag_error(&d, loc_of(a, s, "gr\xc3\xb6\xc3\x9f" "e"), "range");
	diag_error(&d, loc_of(a, s, "bar"), "after");
	diag_error(&d, loc_range(a, s, s->size, s->size), "at the end");
	diag_error(&d, loc_range(a, s, 0, s->size), "over several lines");
	EXPECT_STR(printed(&d, a),
		"t:1:7: error: tab\n"
		"    1 | \t%a =\tfoo\n"
		"      | \t    \t^~~\n"
		"t:2:2: error: range\n"
		"    2 | \"gr\xc3\xb6\xc3\x9f" "e\" bar\n"
		"      |  ^~~~~\n"
		"t:2:11: error: after\n"
		"    2 | \"gr\xc3\xb6\xc3\x9f" "e\" bar\n"
		"      |         ^~~\n"
		"t:3:4: error: at the end\n"
		"    3 | end\n"
		"      |    ^\n"
		"t:1:1: error: over several lines\n"
		"    1 | \t%a =\tfoo\n"
		"      | ^~~~~~~~~\n");
	arena_free(a);
}

/* Text of others cannot steer the terminal. */
TEST(diag_shows_control_characters_as_question_marks)
{
	Arena *a = arena_new();
	Diag d;
	static const char text[] = "a\x1b[31m\0\xff\xc2\x9b" "b";
	Source *s = source_from_text(a, "x\x1b", text, sizeof text - 1);

	diag_init(&d, a);
	diag_error(&d, loc_range(a, s, 10, 11), "name '%s'\nsecond line", "\x1b[0m");
	EXPECT_STR(printed(&d, a),
		"x?:1:11: error: name '?[0m'\nsecond line\n"
		"    1 | a?[31m???b\n"
		"      |          ^\n");
	arena_free(a);
}

static const char *tens(Arena *a, int from, int n)
{
	char *s = arena_alloc(a, (size_t)n + 1);

	for (int i = 0; i < n; i++)
		s[i] = (char)('0' + (from + i) % 10);
	return s;
}

TEST(diag_long_lines_show_a_window)
{
	Arena *a = arena_new();
	Diag d;
	Source *s = text_source(a, "w", tens(a, 0, 1000));

	diag_init(&d, a);
	diag_error(&d, loc_range(a, s, 5, 8), "left");
	diag_error(&d, loc_range(a, s, 500, 503), "middle");
	diag_error(&d, loc_range(a, s, 995, 1000), "right");
	diag_error(&d, loc_range(a, s, 500, 1000), "longer than the window");
	const char *blank = arena_printf(a, "%63s", ""), *wave = arena_strdup(a, arena_printf(a, "%0100d", 0));
	for (char *p = (char *)wave; *p; p++)
		*p = p == wave ? '^' : '~';
	EXPECT_STR(printed(&d, a), arena_printf(a,
		"w:1:6: error: left\n"
		"    1 | %s...\n"
		"      |      ^~~\n"
		"w:1:501: error: middle\n"
		"    1 | ...%s...\n"
		"      | %s^~~\n"
		"w:1:996: error: right\n"
		"    1 | ...%s\n"
		"      | %158s^~~~~\n"
		"w:1:501: error: longer than the window\n"
		"    1 | ...%s...\n"
		"      | %s%s\n",
		tens(a, 0, 160), tens(a, 440, 160), blank, tens(a, 840, 160), "", tens(a, 440, 160), blank, wave));

	/* 200 columns are still shown whole. */
	s = text_source(a, "w", tens(a, 0, 200));
	diag_init(&d, a);
	diag_error(&d, loc_range(a, s, 199, 200), "whole");
	EXPECT_STR(printed(&d, a), arena_printf(a, "w:1:200: error: whole\n    1 | %s\n      | %199s^\n",
	                                        tens(a, 0, 200), ""));
	arena_free(a);
}

/* A window never begins or ends inside a character, wherever the caret is. */
TEST(diag_window_of_wide_text_is_whole_characters)
{
	Arena *a = arena_new();
	char text[901];

	for (int i = 0; i < 300; i++)
		memcpy(text + 3 * i, "\xe2\x82\xac", 4);
	Source *s = text_source(a, "u", text);
	for (size_t at = 0; at < 900; at += 3) {
		Diag d;
		diag_init(&d, a);
		diag_error(&d, loc_range(a, s, at, at + 3), "here");
		EXPECT(!strchr(printed(&d, a), '?'));
		EXPECT(strstr(printed(&d, a), "^\n"));
	}
	arena_free(a);
}

TEST(diag_limit_of_errors)
{
	Arena *a = arena_new();
	Diag d;

	diag_init(&d, a);
	d.max_errors = 2;
	for (int i = 1; i <= 4; i++) {
		diag_error(&d, NULL, "number %d", i);
		diag_note(&d, NULL, "of number %d", i);
	}
	diag_warning(&d, NULL, "a warning");
	diag_note(&d, NULL, "of the warning");
	EXPECT_STR(printed(&d, a),
		"error: number 1\nnote: of number 1\nerror: number 2\nnote: of number 2\n"
		"warning: a warning\nnote: of the warning\n"
		"note: 2 more errors are not shown\n");
	EXPECT_EQ_INT(d.nerrors, 4);
	arena_free(a);
}

TEST(diag_surroundings_have_exit_code_1)
{
	Arena *a = arena_new();
	Diag d;

	diag_init(&d, a);
	EXPECT_EQ_INT(diag_exit_code(&d), 0);
	diag_error(&d, NULL, "input");
	EXPECT_EQ_INT(diag_exit_code(&d), 2);
	diag_system(&d, "cannot write '%s': no space left on device", "m.o");
	EXPECT_EQ_INT(diag_exit_code(&d), 1);
	EXPECT_STR(printed(&d, a), "error: input\nerror: cannot write 'm.o': no space left on device\n");
	arena_free(a);
}

TEST(source_positions)
{
	Arena *a = arena_new();
	Source *s = text_source(a, "p", "ab\n\ncd\n");
	static const unsigned wanted[][2] = {
		{ 1, 1 }, { 1, 2 }, { 1, 3 }, { 2, 1 }, { 3, 1 }, { 3, 2 }, { 3, 3 }, { 4, 1 }, { 4, 1 },
	};
	uint32_t line, col;

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		source_position(s, i, &line, &col);
		EXPECT_EQ_INT(line, wanted[i][0]);
		EXPECT_EQ_INT(col, wanted[i][1]);
	}
	s = text_source(a, "empty", "");
	source_position(s, 0, &line, &col);
	EXPECT(line == 1 && col == 1);
	arena_free(a);
}

TEST(loc_range_ends_on_its_first_line)
{
	Arena *a = arena_new();
	Source *s = text_source(a, "p", "ab\n\ncd");
	static const unsigned wanted[][5] = { /* begin, end, line, col, end_col */
		{ 0, 1, 1, 1, 2 }, { 0, 2, 1, 1, 3 }, { 1, 6, 1, 2, 3 }, { 2, 3, 1, 3, 3 }, { 3, 6, 2, 1, 1 },
		{ 4, 6, 3, 1, 3 }, { 5, 99, 3, 2, 3 }, { 6, 6, 3, 3, 3 }, { 5, 4, 3, 2, 2 },
	};

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		Loc loc = loc_range(a, s, wanted[i][0], wanted[i][1]);
		EXPECT(loc->kind == LOC_RANGE && loc->source == s);
		EXPECT_EQ_INT(loc->line, wanted[i][2]);
		EXPECT_EQ_INT(loc->col, wanted[i][3]);
		EXPECT_EQ_INT(loc->end_col, wanted[i][4]);
	}
	arena_free(a);
}

TEST(loc_fused_is_flat_and_without_repetition)
{
	Arena *a = arena_new();
	Loc x = loc_name(a, "x"), y = loc_name(a, "y"), z = loc_name(a, "z");
	Loc xy = loc_fused(a, (Loc[]){ x, NULL, y, x }, 4);

	EXPECT_EQ_INT(xy->kind, LOC_FUSED);
	EXPECT_EQ_INT(xy->nparts, 2);
	Loc all = loc_fused(a, (Loc[]){ z, xy, y }, 3);
	REQUIRE(all->nparts == 3);
	EXPECT(all->part[0] == z && all->part[1] == x && all->part[2] == y);
	EXPECT(loc_fused(a, (Loc[]){ x, x, NULL }, 3) == x);
	EXPECT(loc_fused(a, (Loc[]){ NULL, NULL }, 2) == NULL);
	EXPECT(loc_fused(a, NULL, 0) == NULL);
	EXPECT(loc_fused(a, (Loc[]){ xy }, 1)->nparts == 2);
	arena_free(a);
}

/* A file of our own with `n` bytes of text, and then `hole` bytes without contents. */
static char *temp_file(Arena *a, const char *text, size_t n, off_t hole)
{
	const char *dir = getenv("TMPDIR");
	char *path = arena_printf(a, "%s/tfcc-unit-XXXXXX", dir ? dir : "/tmp");
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, text, n) != (ssize_t)n || (hole && ftruncate(fd, (off_t)n + hole)))
		unit_fail(__FILE__, __LINE__, "cannot make a temporary file");
	close(fd);
	return path;
}

TEST(source_reads_files)
{
	Arena *a = arena_new();
	const char *error = NULL;
	static char page[8192]; /* a multiple of the page size: the NUL lies beyond */

	memset(page, 'q', sizeof page);
	char *path = temp_file(a, page, sizeof page, 0);
	Source *s = source_read(a, path, &error);
	REQUIRE(s);
	EXPECT_EQ_INT(s->size, sizeof page);
	EXPECT_BYTES(s->text, page, sizeof page);
	EXPECT_EQ_INT(s->text[s->size], 0);
	EXPECT_STR(s->name, path);
	unlink(path);

	path = temp_file(a, "", 0, 0);
	s = source_read(a, path, &error);
	REQUIRE(s);
	EXPECT_EQ_INT(s->size, 0);
	EXPECT_STR(s->text, "");
	unlink(path);
	arena_free(a);
}

TEST(source_reads_what_tells_no_size)
{
	Arena *a = arena_new();
	const char *error = NULL;
	Source *s = source_read(a, "/proc/self/status", &error);

	REQUIRE(s);
	EXPECT(s->size > 100 && !strncmp(s->text, "Name:", 5));
	arena_free(a);
}

TEST(source_refuses_with_a_reason)
{
	Arena *a = arena_new();
	const char *error = NULL;

	EXPECT(!source_read(a, "/no/such/file.graph", &error));
	EXPECT_STR(error, "cannot read '/no/such/file.graph': no such file or directory");
	EXPECT(!source_read(a, "/", &error));
	EXPECT_STR(error, "cannot read '/': it is a directory");

	char *path = temp_file(a, "x", 1, (off_t)1 << 31);
	EXPECT(!source_read(a, path, &error));
	EXPECT_STR(error, arena_printf(a, "cannot read '%s': it has 2147483649 bytes, more than 2 GiB", path));
	EXPECT(arena_used(a) < 10000);
	unlink(path);
	arena_free(a);
}

/* In a child, standard input being the given file. */
static void read_standard_input(void *path)
{
	Arena *a = arena_new();
	const char *error = NULL;

	if (!freopen(path, "r", stdin))
		exit(1);
	Source *s = source_read(a, "-", &error);
	fprintf(stderr, "%s|%s", s ? s->name : error, s ? s->text : "");
	arena_free(a);
}

static void read_pipe(void *arg)
{
	Arena *a = arena_new();
	const char *error = NULL;
	int fds[2];

	(void)arg;
	if (pipe(fds) || write(fds[1], "graph", 5) != 5)
		exit(1);
	close(fds[1]);
	dup2(fds[0], 0);
	Source *s = source_read(a, "-", &error);
	fprintf(stderr, "%s|%s", s ? s->name : error, s ? s->text : "");
	arena_free(a);
}

TEST(source_reads_standard_input)
{
	Arena *a = arena_new();
	char *path = temp_file(a, "hello\n", 6, 0), err[256], dir[] = "/";

	EXPECT_EQ_INT(unit_child(read_standard_input, path, err, sizeof err), 0);
	EXPECT_STR(err, "<stdin>|hello\n");
	EXPECT_EQ_INT(unit_child(read_pipe, NULL, err, sizeof err), 0);
	EXPECT_STR(err, "<stdin>|graph");
	EXPECT_EQ_INT(unit_child(read_standard_input, dir, err, sizeof err), 0);
	EXPECT_STR(err, "cannot read '<stdin>': it is a directory|");
	unlink(path);
	arena_free(a);
}
