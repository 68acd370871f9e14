package dev.weir.queryserver.page;

import dev.weir.queryserver.http.Need;
import dev.weir.queryserver.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The paths of the metrics page. They need no token, since they hold no data. */
public final class PageRoutes {
    private static final String FOLDER = "/dev/weir/queryserver/page/";
    private static final String UPLOT_VERSION = "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/";
    private static final Set<String> METHODS = Set.of("GET", "HEAD");
    private static final Route.BodyLimit NO_BODY = new Route.BodyLimit("maxFormBytes", 0);

    private static final List<String> FILES = List.of(
            "page.css",
            "icon.svg",
            "api.js",
            "card.js",
            "catalogue.js",
            "chart.js",
            "dom.js",
            "format.js",
            "main.js",
            "names.js",
            "overview.js",
            "panels.js",
            "query.js",
            "state.js",
            "times.js",
            "token.js");

    private static final List<String> UPLOT_FILES = List.of("uPlot.iife.min.js", "uPlot.min.css");

    private PageRoutes() {}

    /** Reads all files into memory: some 150 KiB. */
    public static Map<String, Route> byPath() {
        Map<String, Route> routes = new LinkedHashMap<>();
        routes.put("/", route(FOLDER + "index.html"));
        for (String file : FILES) {
            routes.put("/page/" + file, route(FOLDER + file));
        }
        String dist = UPLOT + uplotVersion() + "/dist/";
        for (String file : UPLOT_FILES) {
            routes.put("/page/uplot/" + file, route(dist + file));
        }
        return routes;
    }

    private static Route route(String resource) {
        return new Route("page", Need.NOTHING, METHODS, NO_BODY, StaticFile.of(resource, read(resource)));
    }

    /** WebJars carry their version in their paths. */
    private static String uplotVersion() {
        Properties properties = new Properties();
        try {
            properties.load(new java.io.StringReader(new String(read(UPLOT_VERSION), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static byte[] read(String resource) {
        try (InputStream in = PageRoutes.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(
                        resource + ": not on the class path (expected: in the jar, or its WebJar)");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource + ": cannot be read", e);
        }
    }
}
