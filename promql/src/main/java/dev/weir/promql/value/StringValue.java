package dev.weir.promql.value;

/** One string. */
public record StringValue(long timestampMs, String value) implements Value {}
