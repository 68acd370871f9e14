package dev.weir.simulator.metric;

import java.util.Locale;

/** One way of writing a {@link Snapshot}: a client library's, to the byte. Stateless and thread-safe. */
public interface Exposition {
    /** prometheus_client 0.20, text format 0.0.4. */
    TextExposition PYTHON_TEXT = new PythonExposition(false);

    /** prometheus_client 0.20, OpenMetrics 1.0.0. */
    TextExposition PYTHON_OPENMETRICS = new PythonExposition(true);

    /** client_golang 1.20 and later, text format 0.0.4. */
    TextExposition GO = new PlainExposition(
            "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", Numbers::go, PlainExposition.Style.GO);

    /** client_golang 1.20 and later, protobuf. */
    Exposition GO_PROTOBUF = new ProtobufExposition();

    /** Java simpleclient 0.9.0, {@code write004}. */
    TextExposition JAVA_SIMPLECLIENT = new PlainExposition(
            "text/plain; version=0.0.4; charset=utf-8", Numbers::java, PlainExposition.Style.SIMPLECLIENT);

    /** The Rust {@code prometheus} crate's text encoder. */
    TextExposition RUST =
            new PlainExposition("text/plain; version=0.0.4", Numbers::rust, PlainExposition.Style.DECLARED_ORDER);

    /** The Content-Type header this client sends with it. */
    String contentType();

    /** The whole body. */
    byte[] body(Snapshot snapshot);

    /** Chooses as prometheus_client's {@code choose_encoder}: OpenMetrics as soon as it is mentioned, whatever its q. */
    static Exposition python(String accept) {
        for (String range : accept.split(",")) {
            if (range.split(";", 2)[0].trim().equals("application/openmetrics-text")) {
                return PYTHON_OPENMETRICS;
            }
        }
        return PYTHON_TEXT;
    }

    /** Chooses as client_golang's {@code expfmt.Negotiate} of a handler without OpenMetrics: the range of highest q. */
    static Exposition go(String accept) {
        double best = 0;
        Exposition chosen = GO;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
            boolean protobuf = range.contains("application/vnd.google.protobuf")
                    && range.contains("proto=io.prometheus.client.metricfamily")
                    && range.contains("encoding=delimited");
            double q = quality(range);
            if ((protobuf || range.contains("text/plain")) && q > best) {
                best = q;
                chosen = protobuf ? GO_PROTOBUF : GO;
            }
        }
        return chosen;
    }

    private static double quality(String range) {
        for (String parameter : range.split(";")) {
            if (parameter.strip().startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.strip().substring(2));
                } catch (NumberFormatException e) {
                    return 1;
                }
            }
        }
        return 1;
    }
}
