package dev.weir.simulator.metric;

/** One way of writing a {@link Snapshot}: a client library's, to the byte. Stateless and thread-safe. */
public interface Exposition {
    /** prometheus_client 0.20, text format 0.0.4. */
    Exposition PYTHON_TEXT = new PythonExposition(false);

    /** prometheus_client 0.20, OpenMetrics 1.0.0. */
    Exposition PYTHON_OPENMETRICS = new PythonExposition(true);

    /** client_golang 1.20 and later, text format 0.0.4. */
    Exposition GO = new PlainExposition(
            "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", Numbers::go, PlainExposition.Style.GO);

    /** Java simpleclient 0.9.0, {@code write004}. */
    Exposition JAVA_SIMPLECLIENT = new PlainExposition(
            "text/plain; version=0.0.4; charset=utf-8", Numbers::java, PlainExposition.Style.SIMPLECLIENT);

    /** The Rust {@code prometheus} crate's text encoder. */
    Exposition RUST =
            new PlainExposition("text/plain; version=0.0.4", Numbers::rust, PlainExposition.Style.DECLARED_ORDER);

    /** The Content-Type header this client sends with it. */
    String contentType();

    /** Appends the whole body. */
    void write(Snapshot snapshot, StringBuilder out);

    /** Chooses as prometheus_client's {@code choose_encoder}: OpenMetrics as soon as it is mentioned, whatever its q. */
    static Exposition python(String accept) {
        for (String range : accept.split(",")) {
            if (range.split(";", 2)[0].trim().equals("application/openmetrics-text")) {
                return PYTHON_OPENMETRICS;
            }
        }
        return PYTHON_TEXT;
    }
}
