package dev.weir.configuration;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A view to emit.
 *
 * @param name of a built-in one, or the absolute path of a view's file
 * @param vantage whose measurements it shows; null for the view's own choice
 * @param source likewise
 */
public record ViewConfig(
        String name, @Nullable String vantage, @Nullable String source) implements Serializable {
    /** The view of that name as its file has it. */
    public static ViewConfig named(String name) {
        return new ViewConfig(name, null, null);
    }

    public boolean isFile() {
        return name.endsWith(".yml") || name.endsWith(".yaml");
    }
}
