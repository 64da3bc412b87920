/* ir/math_random.c - counter-based random numbers: Philox 4x32-10 and Threefry 2x32-20.

   Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (SC 2011), with the constants given there.  A block
   of words is a function of a counter and a key; blocks are numbered from the counter of the state on, and their words
   follow each other.  So every element is a function of the state and of its own index. */
#include "ir/math.h"

static Node op2(ScalarProg *p, ScalarOp op, Node a, Node b) { return scalar_op(p, op, a, b, -1); }
static Node u64(ScalarProg *p, uint64_t x) { return scalar_const_bits(p, DT_U64, x); }
static Node u32(ScalarProg *p, uint32_t x) { return scalar_const_bits(p, DT_U32, x); }

/* The halves of a u64 node, as u64 nodes and as u32 nodes. */
static Node low(ScalarProg *p, Node x) { return op2(p, SC_and, x, u64(p, 0xffffffff)); }
static Node high(ScalarProg *p, Node x) { return op2(p, SC_shr_l, x, u64(p, 32)); }
static Node narrow(ScalarProg *p, Node x) { return scalar_cast(p, SC_convert, DT_U32, x); }

/* Which of 2^bits parts of a block element `index` is, and the number of the block. */
static Node part_of(ScalarProg *p, Node index, int bits)  { return op2(p, SC_and, index, u64(p, (1u << bits) - 1)); }
static Node block_of(ScalarProg *p, Node index, int bits) { return op2(p, SC_shr_l, index, u64(p, (uint64_t)bits)); }

/* a where bit `bit` of the part is set, else b. */
static Node pick(ScalarProg *p, Node part, int bit, Node a, Node b)
{
	Node set = op2(p, SC_ne, op2(p, SC_and, part, u64(p, 1u << bit)), u64(p, 0));

	return scalar_op(p, SC_select, set, a, b);
}

/* Words lie in u64 nodes whose upper halves hold anything: a product of lower halves is one instruction on many machines, and
   gives both its halves. */
static void philox_round(ScalarProg *p, Node c[4], Node k0, Node k1)
{
	Node a = op2(p, SC_mul, low(p, c[0]), u64(p, 0xd2511f53)), b = op2(p, SC_mul, low(p, c[2]), u64(p, 0xcd9e8d57));

	c[0] = op2(p, SC_xor, op2(p, SC_xor, high(p, b), c[1]), k0);
	c[2] = op2(p, SC_xor, op2(p, SC_xor, high(p, a), c[3]), k1);
	c[1] = b;
	c[3] = a;
}

Node math_philox(ScalarProg *p, DType t, Node index, Node key, Node lo, Node hi)
{
	int bits = t == DT_U64 ? 1 : 2;
	Node part = part_of(p, index, bits), first = op2(p, SC_add, lo, block_of(p, index, bits));
	Node carry = scalar_cast(p, SC_convert, DT_U64, op2(p, SC_lt, first, lo)), last = op2(p, SC_add, hi, carry);
	Node c[4] = { first, high(p, first), last, high(p, last) }, k0 = key, k1 = high(p, key);

	for (int i = 0; i < 10; i++) {
		philox_round(p, c, k0, k1);
		k0 = op2(p, SC_add, k0, u64(p, 0x9e3779b9));
		k1 = op2(p, SC_add, k1, u64(p, 0xbb67ae85));
	}
	if (t == DT_U32) {
		Node even = pick(p, part, 1, c[2], c[0]), odd = pick(p, part, 1, c[3], c[1]);
		return narrow(p, pick(p, part, 0, odd, even));
	}
	Node bottom = pick(p, part, 0, c[2], c[0]), top = pick(p, part, 0, c[3], c[1]);
	return op2(p, SC_or, low(p, bottom), op2(p, SC_shl, top, u64(p, 32)));
}

static Node rotate(ScalarProg *p, Node x, unsigned by)
{
	return op2(p, SC_or, op2(p, SC_shl, x, u32(p, by)), op2(p, SC_shr_l, x, u32(p, 32 - by)));
}

Node math_threefry(ScalarProg *p, DType t, Node index, Node key, Node counter)
{
	static const unsigned turn[8] = { 13, 15, 26, 6, 17, 29, 16, 24 };
	int bits = t == DT_U64 ? 0 : 1;
	Node block = op2(p, SC_add, counter, block_of(p, index, bits));
	Node k[3] = { narrow(p, key), narrow(p, high(p, key)) };
	Node x = op2(p, SC_add, narrow(p, block), k[0]), y = op2(p, SC_add, narrow(p, high(p, block)), k[1]);

	k[2] = op2(p, SC_xor, op2(p, SC_xor, k[0], k[1]), u32(p, 0x1bd11bda));
	for (int i = 0; i < 20; i++) {
		x = op2(p, SC_add, x, y);
		y = op2(p, SC_xor, rotate(p, y, turn[i % 8]), x);
		if (i % 4 == 3) {
			int n = i / 4 + 1;   /* keys so far */
			x = op2(p, SC_add, x, k[n % 3]);
			y = op2(p, SC_add, y, op2(p, SC_add, k[(n + 1) % 3], u32(p, (uint32_t)n)));
		}
	}
	if (t == DT_U32)
		return pick(p, part_of(p, index, bits), 0, y, x);
	Node bottom = scalar_cast(p, SC_convert, DT_U64, x), top = scalar_cast(p, SC_convert, DT_U64, y);
	return op2(p, SC_or, bottom, op2(p, SC_shl, top, u64(p, 32)));
}
