package dev.weir.queryserver.http;

/** What a request must be allowed to do. */
public enum Need {
    /** It touches no project's data. */
    NOTHING,
    READ,
    WRITE,
    ADMIN
}
