package dev.weir.promql.ast;

/** The type of an expression's value, with its name in the documentation. */
public enum ValueType {
    SCALAR("scalar"),
    VECTOR("instant vector"),
    MATRIX("range vector"),
    STRING("string");

    private final String documentedName;

    ValueType(String documentedName) {
        this.documentedName = documentedName;
    }

    public String documentedName() {
        return documentedName;
    }
}
