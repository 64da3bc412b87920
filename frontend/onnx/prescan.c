/* frontend/onnx/prescan.c - looks through the bytes of a message before protobuf-c does.

   protobuf-c copies every field of bytes, trusts the depth of nesting to the stack, and keeps what it does not know: so raw_data
   becomes a range of the file, messages nested too deep are refused, and unknown fields are left out. */
#include "frontend/onnx/model.h"
#include "frontend/wire.h"

enum { PRESCAN_DEPTH_MAX = 100 };

typedef struct Prescan {
	Arena *arena;
	const unsigned char *bytes;
	const char *error;
	size_t at;
} Prescan;

static bool fail(Prescan *p, const Wire *w, const char *error)
{
	if (!p->error) {
		p->error = error;
		p->at = (size_t)(w->at - p->bytes);
	}
	return false;
}

static bool varint(Prescan *p, Wire *w, uint64_t *out)
{
	uint8_t byte;

	*out = 0;
	for (int shift = 0; shift < 70; shift += 7) {
		if (!wire_u8(w, &byte))
			return fail(p, w, "the file ends within a number");
		if (shift < 64)
			*out |= (uint64_t)(byte & 127) << shift;
		if (!(byte & 128))
			return true;
	}
	return fail(p, w, "a number of more than ten bytes");
}

static void put_varint(Str *out, uint64_t v)
{
	do {
		str_addc(out, (char)(v < 128 ? v : (v & 127) | 128));
		v >>= 7;
	} while (v);
}

static bool is_raw_data(const ProtobufCMessageDescriptor *what, const ProtobufCFieldDescriptor *f)
{
	return what == &onnx__tensor_proto__descriptor && strcmp(f->name, "raw_data") == 0;
}

static bool message(Prescan *p, const ProtobufCMessageDescriptor *what, Wire w, int depth, Str *out);

/* A field of a given length: a string, bytes, packed numbers or a message. */
static bool delimited(Prescan *p, const ProtobufCMessageDescriptor *what, const ProtobufCFieldDescriptor *f, uint64_t tag, Wire *w,
                      int depth, Str *out)
{
	const void *bytes;
	uint64_t n;

	if (!varint(p, w, &n))
		return false;
	if (n > w->left || !wire_bytes(w, (size_t)n, &bytes))
		return fail(p, w, "a field is longer than what is left of its message");
	if (!f)
		return true;
	put_varint(out, tag);
	if (is_raw_data(what, f)) {
		RawRange r = { (uint64_t)((const unsigned char *)bytes - p->bytes), n };
		put_varint(out, sizeof r);
		str_addn(out, (const char *)&r, sizeof r);
		return true;
	}
	if (f->type == PROTOBUF_C_TYPE_MESSAGE) {
		Str inner = { 0 };
		bool ok = message(p, f->descriptor, (Wire){ bytes, (size_t)n }, depth + 1, &inner);
		if (ok) {
			put_varint(out, inner.n);
			str_addn(out, str_cstr(&inner), inner.n);
		}
		str_free(&inner);
		return ok;
	}
	put_varint(out, n);
	str_addn(out, bytes, (size_t)n);
	return true;
}

static bool message(Prescan *p, const ProtobufCMessageDescriptor *what, Wire w, int depth, Str *out)
{
	const void *bytes;
	uint64_t tag, value;

	if (depth > PRESCAN_DEPTH_MAX)
		return fail(p, &w, "messages are nested deeper than 100");
	while (w.left) {
		if (!varint(p, &w, &tag))
			return false;
		if (tag >> 3 == 0 || tag >> 3 > INT32_MAX / 8)
			return fail(p, &w, "no field has such a number: this is no ONNX model");
		const ProtobufCFieldDescriptor *f = protobuf_c_message_descriptor_get_field(what, (unsigned)(tag >> 3));
		size_t fixed = (tag & 7) == 1 ? 8 : 4;
		switch (tag & 7) {
		case 0:
			if (!varint(p, &w, &value))
				return false;
			if (f) {
				put_varint(out, tag);
				put_varint(out, value);
			}
			break;
		case 1:
		case 5:
			if (!wire_bytes(&w, fixed, &bytes))
				return fail(p, &w, "the file ends within a number");
			if (f) {
				put_varint(out, tag);
				str_addn(out, bytes, fixed);
			}
			break;
		case 2:
			if (!delimited(p, what, f, tag, &w, depth, out))
				return false;
			break;
		default:
			return fail(p, &w, "a field of an unknown kind: this is no ONNX model");
		}
	}
	return true;
}

bool prescan(Arena *a, const ProtobufCMessageDescriptor *what, const unsigned char *bytes, size_t size, const void **out, size_t *out_size,
             const char **error, size_t *at)
{
	Prescan p = { .arena = a, .bytes = bytes };
	Str reduced = { 0 };
	bool ok = message(&p, what, (Wire){ bytes, size }, 1, &reduced);

	if (ok) {
		*out_size = reduced.n;
		*out = arena_copy(a, str_cstr(&reduced), reduced.n);
	}
	*error = p.error;
	*at = p.at;
	str_free(&reduced);
	return ok;
}
