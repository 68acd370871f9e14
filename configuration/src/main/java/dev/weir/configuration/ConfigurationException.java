package dev.weir.configuration;

/** A configuration that cannot be used; the message reads {@code file:line:column: what (expected: ...)}. */
public final class ConfigurationException extends RuntimeException {
    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
