package dev.weir.aggregation.view;

import dev.weir.aggregation.canonical.Vantage;
import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.ViewConfig;
import dev.weir.configuration.YamlValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the views that a configuration names. */
public final class Views {
    /** Views that need no file. */
    public static final List<String> BUILT_IN = List.of("crusoe", "wallaroo", "gie");

    private Views() {}

    /**
     * The configured views: built-in ones by name, others by the path of their file.
     *
     * @throws ConfigurationException if one is not known, cannot be used, or two write the same names
     */
    public static List<View> load(List<ViewConfig> configured) {
        List<View> views = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ViewConfig one : configured) {
            View view = one.isFile() ? ViewReader.read(YamlValue.documentIn(one.name())) : builtIn(one.name());
            Vantage vantage =
                    one.vantage() == null ? view.vantage() : Vantage.words().get(one.vantage());
            String source = one.source() == null ? view.source() : one.source();
            if (vantage == null) {
                throw new ConfigurationException("aggregation.views: vantage \"" + one.vantage() + "\" (expected: "
                        + String.join(", ", Vantage.words().keySet()) + ")");
            }
            views.add(view.of(vantage, source));
            names(view).forEach(name -> {
                if (!names.add(name)) {
                    throw new ConfigurationException("aggregation.views: " + view.name() + " writes " + name
                            + ", and so does another view (expected: each name once)");
                }
            });
        }
        return views;
    }

    /** All names that the view writes. */
    static List<String> names(View view) {
        List<String> names = new ArrayList<>();
        view.families().forEach(family -> names.add(family.name()));
        view.quantiles().forEach(quantile -> names.add(quantile.name()));
        view.rolling().forEach(total -> names.add(total.name()));
        return names;
    }

    private static View builtIn(String name) {
        if (!BUILT_IN.contains(name)) {
            throw new ConfigurationException("aggregation.views: \"" + name + "\" (expected: one of "
                    + String.join(", ", BUILT_IN) + ", or the path of a .yml file)");
        }
        String file = "views/" + name + ".yml";
        try (@Nullable InputStream in = Views.class.getResourceAsStream("/" + file)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + file);
            }
            return ViewReader.read(YamlValue.document(new String(in.readAllBytes(), StandardCharsets.UTF_8), file));
        } catch (IOException e) {
            throw new IllegalStateException("resource " + file + ": " + e, e);
        }
    }
}
