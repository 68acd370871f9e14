package dev.weir.promql.ast;

import java.util.List;

/**
 * What a function takes and gives. {@code variadic} is how many arguments beyond the required ones the last type may
 * take: 0 for a fixed number, -1 for any number; a variadic function's last type is optional.
 */
public record FunctionSignature(
        String name, ValueType returnType, List<ValueType> argumentTypes, int variadic, boolean isExperimental) {
    public FunctionSignature {
        argumentTypes = List.copyOf(argumentTypes);
    }
}
