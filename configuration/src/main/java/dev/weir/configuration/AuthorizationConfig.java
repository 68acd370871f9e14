package dev.weir.configuration;

import java.io.Serializable;

/** The header {@code Authorization: <type> <credentials>}. */
public record AuthorizationConfig(String type, Secret credentials) implements Serializable {
    public static final String DEFAULT_TYPE = "Bearer";
}
