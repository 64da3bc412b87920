/* ir/parse_op.c - reads blocks and ops.

   An op is read whole before it is made, because literals among its operands take their element type from the others
   and elementwise operands are broadcast to one shape.  After an error its names stay known, bound to nothing: what
   uses them is refused without another message. */
#include "ir/base/check.h"
#include "ir/build.h"
#include "ir/parse.h"

/* Regions. */

bool parse_block_args(Parser *p, Block *b)
{
	if (accept(p, TOK_RPAREN))
		return true;
	do {
		Token t = p->tok;
		if (!expect(p, TOK_VALUE, NULL) || !expect(p, TOK_COLON, "the argument's name"))
			return false;
		const Type *type = parse_type(p);
		if (!type)
			return false;
		Value *v = block_add_arg(b, type, name_is_number(t.text) ? NULL : t.text, token_loc(p, &t));
		if (!bind(p, &t, v))
			return false;
		if (accept_word(p, "at")) {
			v->place = parse_place(p, type);
			if (!v->place)
				return false;
		}
	} while (accept(p, TOK_COMMA));
	return expect(p, TOK_RPAREN, "the arguments");
}

/* `(args) { ops }`, or `{ ops }` behind a name.  begun: false when what follows cannot be read as ops. */
static bool parse_region(Parser *p, const Stmt *s, Block *b, bool named, bool *begun)
{
	int scope = p->scope.n;

	*begun = false;
	if (!at(p, TOK_LPAREN) && !(named && at(p, TOK_LBRACE)))
		return unexpected(p, arena_printf(p->scratch, "'(' and a region for %s", s->row->name));
	if (!enter(p))
		return false;
	*begun = (!accept(p, TOK_LPAREN) || parse_block_args(p, b)) && expect(p, TOK_LBRACE, "the region's arguments");
	bool ok = *begun && parse_block(p, b);
	leave(p);
	scope_end(p, scope);
	return ok;
}

/* Any number of regions of one name. */
static bool parse_region_list(Parser *p, const Stmt *s, Op *op)
{
	VEC(Block *) list = { 0 };
	bool ok = true, begun = true;

	while (begun && accept_word(p, s->row->region_name[0])) {
		Block *b = ARENA_NEW(p->m->arena, Block);
		*b = (Block){ .parent = op, .func = p->func };
		vec_push(p->m->arena, &list, b);
		ok = parse_region(p, s, b, true, &begun) && ok;
	}
	op->nregions = list.n;
	op->region = list.at;
	return ok;
}

/* `name (args) { ops }` for each region of the op. */
static bool parse_regions(Parser *p, Stmt *s, Op *op)
{
	bool ok = true, begun = true;

	if (s->row->nregions == VARIADIC)
		return parse_region_list(p, s, op);
	for (int i = 0; i < s->row->nregions && begun; i++) {
		const char *name = s->row->region_name[i];
		if (*name && !accept_word(p, name))
			return unexpected(p, arena_printf(p->scratch, "'%s' and a region for %s", name, s->row->name));
		ok = parse_region(p, s, op->region[i], *name, &begun) && ok;
	}
	return ok;
}

/* Results. */

static bool parse_result_types(Parser *p, Stmt *s)
{
	s->types_begin = p->tok.begin;
	if (!accept(p, TOK_COLON))
		return true;
	s->types_begin = p->tok.begin;
	do {
		vec_push(p->scratch, &s->type_at, p->tok.begin);
		const Type *type = parse_type(p);
		if (!type)
			return false;
		const Place *place = NULL;
		if (accept_word(p, "at") && !(place = parse_place(p, type)))
			return false;
		vec_push(p->scratch, &s->type, type);
		vec_push(p->scratch, &s->place, place);
	} while (accept(p, TOK_COMMA));
	s->types_end = p->prev_end;
	return true;
}

/* Types as text for a message. */
static const char *show_type(Parser *p, const Type *t)
{
	Str text = { 0 };

	type_print(&text, t);
	const char *s = arena_strdup(p->scratch, str_cstr(&text));
	str_free(&text);
	return s;
}

/* What inference found against what the text says. */
static bool check_result_types(Parser *p, const Stmt *s, const Op *op)
{
	if (s->type.n == 0)
		return true;
	if (s->type.n != op->nresults) {
		diag_error(&p->ctx->diag, range_loc(p, s->types_begin, s->types_end), "%s: has %d result%s, but %d type%s given",
		           s->row->name, op->nresults, op->nresults == 1 ? "" : "s", s->type.n, s->type.n == 1 ? " is" : "s are");
		return false;
	}
	for (int i = 0; i < op->nresults; i++) {
		if (s->type.at[i] == op->result[i]->type)
			continue;
		uint32_t end = i + 1 < s->type.n ? s->type_at.at[i + 1] : s->types_end;
		while (end > s->type_at.at[i] && p->lx.src->text[end - 1] != ']')
			end--;
		diag_error(&p->ctx->diag, range_loc(p, s->type_at.at[i], end), "%s: the result is %s, but its type is given as %s",
		           s->row->name, show_type(p, op->result[i]->type), show_type(p, s->type.at[i]));
		return false;
	}
	return true;
}

static void name_results(Parser *p, const Stmt *s, Op *op)
{
	for (int i = 0; i < op->nresults; i++) {
		const Token *t = &s->name.at[i];
		op->result[i]->name = name_is_number(t->text) ? NULL : t->text;
		op->result[i]->loc = token_loc(p, t);
		if (s->place.n)
			op->result[i]->place = s->place.at[i];
	}
}

/* Inference speaks about the op; where it quotes an attribute that the text gives, the caret goes there. */
static void point_at_attrs(Parser *p, const Stmt *s, int first)
{
	for (int k = first; k < p->ctx->diag.n; k++) {
		Diagnostic *d = &p->ctx->diag.at[k];
		for (int i = 0; i < s->row->nattrs && d->loc == s->loc; i++) {
			const char *quoted = arena_printf(p->scratch, "'%s'", s->row->attr[i].name);
			if (s->attr_at[i].end && strstr(d->text, quoted))
				d->loc = range_loc(p, s->attr_at[i].begin, s->attr_at[i].end);
		}
	}
}

/* A call of a graph that is not known yet takes the types given; they are checked at the end. */
static bool is_late_call(Parser *p, const Stmt *s)
{
	return s->kind == OP_call && !module_func(p->m, ((struct attrs_call *)s->attrs)->callee);
}

static void give_results(Parser *p, const Stmt *s, Op *op)
{
	op->nresults = s->type.n;
	op->result = ARENA_ARRAY(p->m->arena, Value *, op->nresults);
	for (int i = 0; i < op->nresults; i++) {
		op->result[i] = ARENA_NEW(p->m->arena, Value);
		*op->result[i] = (Value){ .def = op, .index = i, .type = s->type.at[i] };
	}
}

static bool finish_late_call(Parser *p, const LateCall *c)
{
	Op *op = c->op;
	Func *callee = module_func(p->m, op_attrs(call, op)->callee);

	if (callee && callee->result_types.n != op->nresults) {
		diag_error(&p->ctx->diag, c->loc, "call: @%s has %d result%s, but %d type%s given", callee->name,
		           callee->result_types.n, callee->result_types.n == 1 ? "" : "s", op->nresults, op->nresults == 1 ? " is" : "s are");
		return false;
	}
	const Type **given = ARENA_ARRAY(p->scratch, const Type *, op->nresults);
	for (int i = 0; i < op->nresults; i++)
		given[i] = op->result[i]->type;
	Loc loc = op->loc;
	op->loc = c->loc;
	bool ok = op_infer(p->ctx, c->func, op);
	op->loc = loc;
	for (int i = 0; ok && i < op->nresults; i++) {
		if (given[i] == op->result[i]->type)
			continue;
		diag_error(&p->ctx->diag, c->loc, "call: the result is %s, but its type is given as %s",
		           show_type(p, op->result[i]->type), show_type(p, given[i]));
		ok = false;
	}
	return ok;
}

bool finish_late_calls(Parser *p)
{
	bool ok = true;

	for (int i = 0; i < p->late.n; i++)
		ok = finish_late_call(p, &p->late.at[i]) && ok;
	return ok;
}

/* At the head of the graph a size may stand without the bound that the op has given to it since. */
static const Type *with_bounds(Parser *p, const Type *t)
{
	Dim dim[RANK_MAX], sym[64];

	for (int i = 0; i < t->rank; i++) {
		int n = dim_symbols(t->dim[i], sym, 0, 64);
		dim[i] = t->dim[i];
		for (int k = 0; k < n; k++) {
			Dim known = dim_is_bounded(sym[k]) ? NULL : strmap_get(&p->bounded, sym[k]->name);
			Dim d = known ? dim_subst(p->ctx->dims, dim[i], 1, &sym[k]->name, &known) : NULL;
			dim[i] = d ? d : dim[i];
		}
	}
	return type_get(p->ctx->types, t->dtype, t->rank, dim);
}

/* Terminators: the values must have the types that the graph declares. */
static bool check_return(Parser *p, const Stmt *s, Block *block, Value **arg)
{
	Func *f = p->func;

	if (s->kind == OP_return ? block->parent != NULL : block->parent == NULL) {
		diag_error(&p->ctx->diag, s->loc, "%s: %s ends with '%s'", s->row->name,
		           block->parent ? "a region" : "a graph", block->parent ? "yield" : "return");
		return false;
	}
	if (s->kind != OP_return)
		return true;
	if (s->arg.n != f->result_types.n) {
		diag_error(&p->ctx->diag, s->loc, "return: has %d value%s, but graph @%s has %d result%s", s->arg.n,
		           s->arg.n == 1 ? "" : "s", f->name, f->result_types.n, f->result_types.n == 1 ? "" : "s");
		return false;
	}
	for (int i = 0; i < s->arg.n; i++) {
		const Type *found = arg[i]->type, *wanted = f->result_types.at[i] = with_bounds(p, f->result_types.at[i]);
		bool fits = found->dtype == wanted->dtype && found->rank == wanted->rank;
		for (int k = 0; fits && k < found->rank; k++)
			fits = !dim_known_unequal(found->dim[k], wanted->dim[k]);
		if (!fits) {
			diag_error(&p->ctx->diag, s->arg.at[i].loc, "return: this value is %s, but graph @%s declares %s",
			           show_type(p, found), f->name, show_type(p, wanted));
			diag_note(&p->ctx->diag, arg[i]->loc, "it is defined here");
			return false;
		}
		for (int k = 0; k < found->rank; k++)
			if (!func_require_equal(f, found->dim[k], wanted->dim[k], s->arg.at[i].loc, "return"))
				return false;
	}
	return true;
}

static bool check_arity(Parser *p, const Stmt *s)
{
	if (s->row->nargs == VARIADIC || s->row->nargs == s->arg.n)
		return true;
	diag_error(&p->ctx->diag, s->loc, "%s: has %d operand%s, but takes %d", s->row->name, s->arg.n,
	           s->arg.n == 1 ? "" : "s", s->row->nargs);
	return false;
}

static bool check_names(Parser *p, const Stmt *s, const Op *op)
{
	if (op->nresults == s->name.n)
		return true;
	if (s->name.n == 0) {
		diag_error(&p->ctx->diag, s->loc, "%s: the result needs a name, as in '%%y = %s'", s->row->name, s->row->name);
		return false;
	}
	diag_error(&p->ctx->diag, s->loc, "%s: has %d result%s, but %d name%s given", s->row->name, op->nresults,
	           op->nresults == 1 ? "" : "s", s->name.n, s->name.n == 1 ? " is" : "s are");
	return false;
}

static bool finish_op(Parser *p, Stmt *s, Op *op)
{
	int first = p->ctx->diag.n;

	if (is_late_call(p, s)) {
		if (s->type.n == 0) {
			Guess g = { .wanted = op_attrs(call, op)->callee };
			for (int i = 0; i < p->m->funcs.n; i++)
				guess_offer(&g, p->m->funcs.at[i]->name);
			diag_error(&p->ctx->diag, range_loc(p, s->attr_at[0].begin, s->attr_at[0].end),
			           "call: there is no graph '@%s' before this%s", g.wanted,
			           g.best ? guess_text(p, &g, "@") : "; for one that comes later give the result types after ':'");
			return false;
		}
		give_results(p, s, op);
		vec_push(p->scratch, &p->late, (LateCall){ p->func, op, s->loc });
	} else if (!op_infer(p->ctx, p->func, op)) {
		point_at_attrs(p, s, first);
		return false;
	}
	if (!check_result_types(p, s, op) || !check_names(p, s, op))
		return false;
	name_results(p, s, op);
	if (s->given)
		op->loc = s->given;
	/* A plain name is that of the size from here on, with the bound that it has now. */
	if (op_size(op))
		strmap_set(&p->bounded, (*op_size(op))->name, (void *)*op_size(op));
	return true;
}

/* The op's keyword and what belongs to it: a leading name or tensor, operands, attributes. */
static bool parse_op_head(Parser *p, Block *block, Stmt *s)
{
	Token t = p->tok;

	s->loc = here(p);
	if (!at(p, TOK_IDENT))
		return unexpected(p, s->name.n ? "an op" : "an op or '}'");
	if (!op_kind_find(t.text, t.len, &s->kind)) {
		Guess g = { .wanted = token_str(p, &t) };
		for (int i = 0; i < OP_COUNT; i++)
			guess_offer(&g, op_info[i].name);
		diag_error(&p->ctx->diag, s->loc, "unknown op %s%s", token_show(p->scratch, p->lx.src, &t),
		           guess_text(p, &g, ""));
		return false;
	}
	next(p);
	s->row = &op_info[s->kind];
	s->attrs = attrs_new(p, s->row);
	s->attr_at = ARENA_ARRAY(p->scratch, Range, s->row->nattrs + 1);

	const AttrInfo *sym = attr_leading(s->row, ATTR_sym), *tensor = attr_leading(s->row, ATTR_tensor);
	s->attr_at[0].begin = p->tok.begin;
	if (sym && at(p, TOK_SYM)) {
		*(const char **)((char *)s->attrs + sym->offset) = p->tok.text;
		next(p);
		s->attr_at[0].end = p->prev_end;
	} else if (tensor && (at(p, TOK_LBRACKET) || at_word(p, "splat") || at_word(p, "blob") || at_scalar(p))) {
		s->has_value = true;
		if (!parse_literal(p, &s->value))
			return false;
		s->attr_at[0].end = p->prev_end;
	}
	return parse_operands(p, block, s) && parse_attrs(p, s->row, s->attrs, s->attr_at) &&
	       attrs_complete(p, s->row, s->attr_at, s->loc);
}

static bool set_value(Parser *p, Stmt *s)
{
	if (!s->has_value)
		return true;
	if (s->type.n != 1) {
		diag_error(&p->ctx->diag, s->loc, "%s: needs a type after the value, as in ': f32[2, 2]'", s->row->name);
		return false;
	}
	Blob *b = literal_blob(p, &s->value, s->type.at[0], s->row->name);
	*(Blob **)((char *)s->attrs + s->row->attr[0].offset) = b;
	return b != NULL;
}

/* One op, appended to the block. */
static bool parse_op(Parser *p, Block *block, Stmt *s)
{
	if (!parse_op_head(p, block, s))
		return false;
	bool ok = check_arity(p, s) && !s->refused && make_literals(p, block, s);
	Value **arg = ARENA_ARRAY(p->scratch, Value *, s->arg.n + 1);
	for (int i = 0; ok && i < s->arg.n; i++)
		arg[i] = s->arg.at[i].value;
	ok = ok && broadcast_operands(p, block, s, arg);
	/* A refused op is still made, without operands and outside the block, to hold the regions while they are read. */
	Op *op = op_new(p->func, s->kind, s->loc, ok ? s->arg.n : 0, arg, s->attrs);
	if (ok)
		op_append(block, op);
	if (!parse_regions(p, s, op) || !parse_result_types(p, s))
		return false;
	if (accept_word(p, "loc") && !(s->given = parse_loc(p)))
		return false;
	if (!ok || !set_value(p, s))
		return false;
	if ((s->row->traits & T_TERMINATOR) && !check_return(p, s, block, arg))
		return false;
	if (s->has_value)
		*(Blob **)((char *)op->attrs + s->row->attr[0].offset) = *(Blob **)((char *)s->attrs + s->row->attr[0].offset);
	return finish_op(p, s, op);
}

/* `%a, %b = op ...` or `op ...` */
static bool parse_statement(Parser *p, Block *block, Stmt *s)
{
	if (at(p, TOK_VALUE)) {
		do {
			vec_push(p->scratch, &s->name, p->tok);
			if (!expect(p, TOK_VALUE, NULL))
				return false;
		} while (accept(p, TOK_COMMA));
		if (!expect(p, TOK_ASSIGN, "the results' names"))
			return false;
	}
	return parse_op(p, block, s);
}

bool parse_block(Parser *p, Block *b)
{
	int  braces = p->braces;
	bool ok = true, closed = false;
	Loc  end = NULL;        /* the terminator */

	while (!(closed = at(p, TOK_RBRACE)) && !at(p, TOK_EOF) && !at_module_statement(p)) {
		uint32_t begin = p->statement = p->tok.begin;
		int depth = p->depth, scope = p->scope.n;
		Stmt s = { 0 };
		if (p->ctx->diag.nerrors >= p->ctx->diag.max_errors)
			return false;
		if (end) {
			diag_error(&p->ctx->diag, here(p), "nothing may follow the end of the block");
			diag_note(&p->ctx->diag, end, "it ends here");
			end = NULL;
			ok = false;
		}
		bool good = parse_statement(p, b, &s);
		if (good && op_has(b->last, T_TERMINATOR))
			end = b->last->loc;
		if (!good) {
			ok = false;
			p->depth = depth;
			p->lx.dims = false;
			scope_end(p, scope);
			if (p->tok.begin == begin)
				next(p);
			recover(p, braces);
		}
		for (int i = 0; i < s.name.n; i++)
			ok = bind(p, &s.name.at[i], good ? b->last->result[i] : NULL) && ok;
	}
	if (!closed) {
		if (ok && !at(p, TOK_BAD))
			diag_error(&p->ctx->diag, here(p), "the %s has no '}' before %s", b->parent ? "region" : "graph",
			           token_show(p->scratch, p->lx.src, &p->tok));
		return false;
	}
	if (ok && !end) {
		diag_error(&p->ctx->diag, here(p), "the %s does not end with '%s'", b->parent ? "region" : "graph",
		           b->parent ? "yield" : "return");
		ok = false;
	}
	next(p);
	return ok;
}
