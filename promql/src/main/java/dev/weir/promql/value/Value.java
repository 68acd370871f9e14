package dev.weir.promql.value;

/** The value of a query. */
public sealed interface Value permits ScalarValue, StringValue, VectorValue, MatrixValue {}
