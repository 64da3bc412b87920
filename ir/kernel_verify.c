/* ir/kernel_verify.c - structural rules of loop IR; a failure is a mistake in its text, or a bug of the emitter or the scheduler. */
#include "ir/base/check.h"
#include "ir/kernel.h"

typedef struct Verify {
	const Kernel *k;
	Diag *diag;
	bool ok;
} Verify;

static bool is_statement(KKind k)
{
	return k == K_SET || k == K_STORE || k == K_IF || k == K_WHILE || k == K_PREFETCH;
}

static void wrong(Verify *v, const KOp *x, const char *what)
{
	static const char *const word[K_KIND_COUNT] = {
		[K_SET] = "set", [K_STORE] = "store", [K_IF] = "if", [K_WHILE] = "while", [K_PREFETCH] = "prefetch",
	};
	char value[16];

	v->ok = false;
	snprintf(value, sizeof value, "%%%d", x->id);
	diag_error(v->diag, v->k->loc, "kernel %s: %s: %s", v->k->name, is_statement(x->kind) ? word[x->kind] : value, what);
}

/* A definition is visible where it stands earlier in the same block or in an enclosing one; while conditions see
   nothing of the loop's body.  mark = "seen and in scope". */
static void check_memory(Verify *v, const KOp *x)
{
	if (x->buf < 0 || x->buf >= v->k->buf.n) {
		wrong(v, x, "no such buffer");
		return;
	}
	const KBuf *b = &v->k->buf.at[x->buf];
	if (x->arg[0]->type.dtype != DT_I64)
		wrong(v, x, "the index is not i64");
	const KOp *mask = x->kind == K_LOAD ? (x->nargs > 1 ? x->arg[1] : NULL) : x->nargs > 2 ? x->arg[2] : NULL;
	int lanes = x->kind == K_LOAD ? x->type.lanes : x->kind == K_STORE ? x->arg[1]->type.lanes : 1;
	if (x->arg[0]->type.lanes != 1 && x->arg[0]->type.lanes != lanes)
		wrong(v, x, "the index has neither one lane nor those of the value");
	if (mask && (mask->type.dtype != DT_BOOL || mask->type.lanes != lanes))
		wrong(v, x, "the mask is not bool with the lanes of the value");
	if (x->kind == K_STORE && b->kind == KB_IN)
		wrong(v, x, "store to an input");
	if (x->kind == K_STORE && x->arg[1]->type.dtype != b->dtype)
		wrong(v, x, "the stored value is not of the buffer's element type");
	if (x->kind == K_LOAD && x->type.dtype != b->dtype)
		wrong(v, x, "the loaded value is not of the buffer's element type");
}

static void check_scalar_op(Verify *v, const KOp *x)
{
	const ScalarInfo *row = &scalar_info[x->op];

	if (x->nargs != row->nargs) {
		wrong(v, x, "wrong number of operands");
		return;
	}
	for (int i = 0; i < x->nargs; i++) {
		DType t = x->arg[i]->type.dtype;
		bool cond = x->op == SC_select && i == 0;
		if (x->arg[i]->type.lanes != x->type.lanes)
			wrong(v, x, "operands and result differ in lanes");
		if (cond ? t != DT_BOOL : !(row->types & DTS(t)))
			wrong(v, x, "operand of an element type that the operation does not take");
		if (!cond && t != x->arg[x->op == SC_select ? 1 : 0]->type.dtype)
			wrong(v, x, "operands differ in element type");
	}
	if (x->op == SC_convert && (dtype_is_narrow(x->type.dtype) || dtype_is_narrow(x->arg[0]->type.dtype)))
		wrong(v, x, "a conversion of a narrow type is no operation of a target");
	if (row->result == SCR_BOOL && x->type.dtype != DT_BOOL)
		wrong(v, x, "a comparison gives bool");
	if (row->result == SCR_SAME && x->type.dtype != x->arg[x->nargs - 1]->type.dtype)
		wrong(v, x, "result and operands differ in element type");
	if (x->op == SC_bitcast && dtype_info[x->type.dtype].bits != dtype_info[x->arg[0]->type.dtype].bits)
		wrong(v, x, "bitcast between different widths");
}

static bool same_type(const KOp *x, DType t, int lanes)
{
	return x->type.dtype == t && x->type.lanes == lanes;
}

static void check_op(Verify *v, const KOp *x)
{
	switch (x->kind) {
	case K_OP:
		check_scalar_op(v, x);
		break;
	case K_LOAD:
	case K_STORE:
	case K_PREFETCH:
		check_memory(v, x);
		break;
	case K_SET:
		if (x->arg[0]->kind != K_VAR || x->arg[0]->type.dtype != x->arg[1]->type.dtype ||
		    x->arg[0]->type.lanes != x->arg[1]->type.lanes)
			wrong(v, x, "set of something that is no variable of the value's type");
		break;
	case K_GET:
		if (x->arg[0]->kind != K_VAR || x->arg[0]->type.dtype != x->type.dtype ||
		    x->arg[0]->type.lanes != x->type.lanes)
			wrong(v, x, "get of something that is no variable of this type");
		break;
	case K_SPLAT:
		if (x->arg[0]->type.lanes != 1 || x->arg[0]->type.dtype != x->type.dtype)
			wrong(v, x, "splat takes a scalar of its own element type");
		break;
	case K_RAMP:
		if (x->type.dtype != DT_I64 || !same_type(x->arg[0], DT_I64, 1))
			wrong(v, x, "ramp takes a scalar i64 and gives a vector of them");
		break;
	case K_VAR:
		if (!same_type(x->arg[0], x->type.dtype, x->type.lanes))
			wrong(v, x, "a variable and its first value differ in type");
		break;
	case K_HALF:
		if (!same_type(x->arg[0], x->type.dtype, 2 * x->type.lanes) || x->imm < 0 || x->imm > 1)
			wrong(v, x, "half of a vector of another size or type");
		break;
	case K_LANE:
		if (x->arg[0]->type.dtype != x->type.dtype || x->type.lanes != 1 || x->imm < 0 || x->imm >= x->arg[0]->type.lanes)
			wrong(v, x, "there is no such lane of this type");
		break;
	case K_JOIN:
		if (!same_type(x->arg[0], x->type.dtype, x->type.lanes / 2) || !same_type(x->arg[1], x->type.dtype, x->type.lanes / 2))
			wrong(v, x, "join of vectors of another size or type");
		break;
	case K_ZIP: case K_UNZIP:
		if (!same_type(x->arg[0], x->type.dtype, x->type.lanes) || !same_type(x->arg[1], x->type.dtype, x->type.lanes) ||
		    x->type.lanes < 2 || x->imm < 0 || x->imm > 1)
			wrong(v, x, x->kind == K_ZIP ? "zip of vectors of another size or type" : "unzip of vectors of another size or type");
		break;
	case K_FOR:
		if (x->imm <= 0 || x->arg[0]->type.dtype != DT_I64 || x->arg[1]->type.dtype != DT_I64 ||
		    x->arg[0]->type.lanes != 1 || x->arg[1]->type.lanes != 1)
			wrong(v, x, "bounds are not scalar i64, or the step is not positive");
		break;
	case K_IF:
		if (x->arg[0]->type.dtype != DT_BOOL || x->arg[0]->type.lanes != 1)
			wrong(v, x, "the condition is not a scalar bool");
		break;
	case K_WHILE:
		if (!x->body[0]->last || is_statement(x->body[0]->last->kind) || x->body[0]->last->kind == K_VAR ||
		    x->body[0]->last->kind == K_FOR || x->body[0]->last->type.dtype != DT_BOOL || x->body[0]->last->type.lanes != 1)
			wrong(v, x, "the condition block does not end with a scalar bool");
		break;
	default:
		break;
	}
}

static void verify_block(Verify *v, const KBlock *b)
{
	static const char in_scope = 0;   /* only its address is used */

	for (KOp *x = b->first; x; x = x->next) {
		if (x->block != b)
			wrong(v, x, "stands in a block that it does not name");
		if ((x->prev ? x->prev->next : b->first) != x)
			wrong(v, x, "the list of its block is broken");
		bool args_ok = true;
		for (int i = 0; i < x->nargs; i++)
			if (!x->arg[i] || x->arg[i]->mark != &in_scope || is_statement(x->arg[i]->kind)) {
				wrong(v, x, "an operand is not defined before its use, or not visible");
				args_ok = false;
			}
		/* A variable is no value: only get and set name one. */
		for (int i = 0; args_ok && i < x->nargs; i++)
			if (x->arg[i]->kind == K_VAR && !(i == 0 && (x->kind == K_GET || x->kind == K_SET))) {
				wrong(v, x, "a variable is used without get");
				args_ok = false;
			}
		if (args_ok)
			check_op(v, x);
		if (x->kind == K_FOR)
			x->mark = (void *)&in_scope;
		for (int i = 0; i < 2 && x->body[i]; i++) {
			if (x->body[i]->parent != x)
				wrong(v, x, "its body names another parent");
			verify_block(v, x->body[i]);
		}
		x->mark = x->kind == K_FOR ? NULL : (void *)&in_scope;
	}
	for (KOp *x = b->first; x; x = x->next)
		x->mark = NULL;
}

static void clear_marks(const KBlock *b)
{
	for (KOp *x = b->first; x; x = x->next) {
		x->mark = NULL;
		for (int i = 0; i < 2 && x->body[i]; i++)
			clear_marks(x->body[i]);
	}
}

bool kernel_verify(const Kernel *k, Diag *diag)
{
	Verify v = { k, diag, true };

	clear_marks(k->body);
	verify_block(&v, k->body);
	return v.ok;
}
