package dev.weir.configuration;

import dev.weir.series.Labels;
import java.io.Serializable;
import java.util.List;

/** Target addresses ({@code host:port}) with labels they have in common. */
public record StaticConfig(List<String> targets, Labels labels) implements Serializable {
    public StaticConfig {
        targets = List.copyOf(targets);
    }
}
