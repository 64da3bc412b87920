/* test/unit/test_unit.c - the test macros themselves, failing ones too (in a child process). */
#include "test/unit/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TEST(unit_passing_expectations)
{
	EXPECT(1 + 1 == 2);
	EXPECT_EQ_INT(7, 7);
	EXPECT_EQ_F32BITS(0.5f, 0.5f);
	EXPECT_EQ_F32BITS(NAN, -NAN);
	EXPECT_EQ_F64BITS(0.1, 0.1);
	EXPECT_STR("a", "a");
	EXPECT_BYTES("ab", "ab", 2);
}

static void fail_all(void *arg)
{
	(void)arg;
	EXPECT(1 + 1 == 3);
	EXPECT_EQ_INT(7, 8);
	EXPECT_EQ_F32BITS(0.0f, -0.0f);
	EXPECT_EQ_F64BITS(0.0, -0.0);
	EXPECT_STR("a", "b");
	EXPECT_BYTES("ab", "ac", 2);
}

TEST(unit_failing_expectations_are_reported)
{
	static const char *const wanted[] = {
		"expected: 1 + 1 == 3", "found 7, wanted 8", "found 0 (0x00000000), wanted -0 (0x80000000)",
		"wanted -0 (0x8000000000000000)", "wanted: b", "byte 1 of 2: found 0x62, wanted 0x63",
	};
	char err[4096];

	EXPECT_EQ_INT(unit_child(fail_all, NULL, err, sizeof err), 0);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		if (!strstr(err, wanted[i]))
			unit_fail(__FILE__, __LINE__, "no '%s' in:\n%s", wanted[i], err);
	}
}

static void exit_70(void *arg)
{
	(void)arg;
	fputs("ours", stderr);
	exit(70);
}

TEST(unit_child_gives_exit_code_and_stderr)
{
	char err[64];

	EXPECT_EQ_INT(unit_child(exit_70, NULL, err, sizeof err), 70);
	EXPECT_STR(err, "ours");
}
