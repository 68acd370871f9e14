package dev.weir.configuration;

import java.io.Serializable;

/** User name and password of HTTP basic authentication. */
public record BasicAuthConfig(Secret username, Secret password) implements Serializable {}
