/* ir/attr_words.h - the words of enumerated attributes, for the parser and the printer. */
#ifndef IR_ATTR_WORDS_H
#define IR_ATTR_WORDS_H

enum { CMP_WORDS = 6, ORDER_WORDS = 5 };
extern const char *const cmp_words[CMP_WORDS];     /* by CmpDir */
extern const char *const order_words[ORDER_WORDS]; /* by Order */

#endif
