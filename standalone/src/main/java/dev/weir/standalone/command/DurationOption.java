package dev.weir.standalone.command;

import dev.weir.configuration.DurationSyntax;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as Prometheus writes them. */
final class DurationOption implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        Duration duration;
        try {
            duration = DurationSyntax.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
        if (duration.isZero()) {
            throw new TypeConversionException("duration \"" + text + "\" (expected: > 0)");
        }
        return duration;
    }
}
