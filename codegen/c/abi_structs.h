/* codegen/c/abi_structs.h - the structs of runtime/abi.h, one STRUCT(name, FIELDS) each; included once, inside a function. */
STRUCT(tfrt_context, TFRT_CONTEXT_FIELDS)
STRUCT(tfrt_dim, TFRT_DIM_FIELDS)
STRUCT(tfrt_tensor, TFRT_TENSOR_FIELDS)
STRUCT(tfrt_variant, TFRT_VARIANT_FIELDS)
STRUCT(tfrt_graph, TFRT_GRAPH_FIELDS)
STRUCT(tfrt_model, TFRT_MODEL_FIELDS)
#undef STRUCT
#undef FIELD
