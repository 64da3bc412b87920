/* test/unit/unit.h - tests of the C interfaces: TEST(name) { EXPECT(...); }, registered by themselves. */
#ifndef TEST_UNIT_UNIT_H
#define TEST_UNIT_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct UnitTest {
	const char *file, *name;
	void (*run)(void);
	struct UnitTest *next;
} UnitTest;

void unit_register(UnitTest *t);
/* Count and print a failed expectation of the running test. */
void unit_fail(const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Leave the running test as skipped; the reason is printed and counted. */
void unit_skip(const char *reason);

bool unit_int(const char *file, int line, const char *what, long long found, long long wanted);
bool unit_f32(const char *file, int line, const char *what, float found, float wanted);
bool unit_f64(const char *file, int line, const char *what, double found, double wanted);
bool unit_str(const char *file, int line, const char *what, const char *found, const char *wanted);
bool unit_bytes(const char *file, int line, const char *what, const void *found, const void *wanted, size_t n);
/* Runs fn(arg) in a child process and returns its exit code, or -signal. Its stderr goes to
   err (at most nerr - 1 bytes, always terminated) when err is not NULL. */
int unit_child(void (*fn)(void *), void *arg, char *err, size_t nerr);

#define TEST(name_) \
	static void test_##name_(void); \
	__attribute__((constructor)) static void register_##name_(void) \
	{ \
		static UnitTest t = { __FILE__, #name_, test_##name_, NULL }; \
		unit_register(&t); \
	} \
	static void test_##name_(void)

/* Each expectation is checked, counted and reported; the test goes on.
   Values are found first, wanted second. */
#define EXPECT(cond) \
	((cond) ? (void)0 : unit_fail(__FILE__, __LINE__, "expected: %s", #cond))
#define EXPECT_EQ_INT(found, wanted) \
	((void)unit_int(__FILE__, __LINE__, #found, (long long)(found), (long long)(wanted)))
/* Equal bits; every NaN counts as one value. */
#define EXPECT_EQ_F32BITS(found, wanted) ((void)unit_f32(__FILE__, __LINE__, #found, found, wanted))
#define EXPECT_EQ_F64BITS(found, wanted) ((void)unit_f64(__FILE__, __LINE__, #found, found, wanted))
#define EXPECT_STR(found, wanted) ((void)unit_str(__FILE__, __LINE__, #found, found, wanted))
#define EXPECT_BYTES(found, wanted, n) ((void)unit_bytes(__FILE__, __LINE__, #found, found, wanted, n))
/* Like EXPECT, but leaves the test: what follows would be meaningless. */
#define REQUIRE(cond) \
	do { \
		if (!(cond)) { \
			unit_fail(__FILE__, __LINE__, "required: %s", #cond); \
			return; \
		} \
	} while (0)
#define SKIP(reason) \
	do { \
		unit_skip(reason); \
		return; \
	} while (0)

#endif
