/* ir/rnn.h - what inference and expansion of recurrent layers share. */
#ifndef IR_RNN_H
#define IR_RNN_H

#include "ir/ir.h"

typedef enum RnnActivation { RNN_TANH, RNN_SIGMOID, RNN_RELU, RNN_LINEAR, RNN_ACTIVATION_COUNT } RnnActivation;

/* RNN_ACTIVATION_COUNT when there is none of this name. */
RnnActivation rnn_activation(const char *name);

/* Blocks of columns of the kernels, one a gate; states that go from step to step. */
static inline int rnn_gates(OpKind kind) { return kind == OP_lstm ? 4 : kind == OP_gru ? 3 : 1; }
static inline int rnn_states(OpKind kind) { return kind == OP_lstm ? 2 : 1; }

#endif
