package dev.weir.standalone.command;

import dev.weir.exposition.Exposition;
import dev.weir.exposition.ExpositionException;
import dev.weir.exposition.ExpositionFormat;
import dev.weir.exposition.ExpositionParser;
import dev.weir.exposition.ParseMode;
import dev.weir.exposition.SnapshotPrinter;
import dev.weir.standalone.StartupException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description = "Prints one /metrics page, typed: counters, gauges, histograms, summaries, vectors.")
final class SnapshotCommand implements Callable<Integer> {
    /** Formats by name. */
    enum Format {
        text(ExpositionFormat.TEXT_0_0_4, "text/plain;version=0.0.4,*/*;q=0.1"),
        openmetrics(
                ExpositionFormat.OPENMETRICS_1_0,
                "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"),
        protobuf(
                ExpositionFormat.PROTOBUF_DELIMITED,
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,"
                        + openmetrics.accept.replace("1.0.0,", "1.0.0;q=0.8,"));

        private final ExpositionFormat format;
        private final String accept;

        Format(ExpositionFormat format, String accept) {
            this.format = format;
            this.accept = accept;
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "URL|FILE", description = "Where the page is; - for standard input.")
    @SuppressWarnings("NullAway.Init")
    private String source;

    @Option(names = "--strict", description = "Reject what the format's specification rejects.")
    private boolean strict;

    @Option(names = "--prefix", defaultValue = "", description = "Only metrics whose name begins so, such as vllm:.")
    @SuppressWarnings("NullAway.Init")
    private String prefix;

    @Option(
            names = "--format",
            description =
                    "${COMPLETION-CANDIDATES}: what a URL is asked for, and what a file is in. Default: by Content-Type; of a file by its name, .om, .txt or .pb, else by its content.")
    private @Nullable Format format;

    @Override
    public Integer call() throws InterruptedException {
        MetricsPage page = MetricsPage.read(source, format == null ? Format.openmetrics.accept : format.accept);
        try {
            Exposition exposition =
                    ExpositionParser.parse(page.body(), formatOf(page), strict ? ParseMode.STRICT : ParseMode.LENIENT);
            PrintWriter out = spec.commandLine().getOut();
            out.print(SnapshotPrinter.render(exposition, prefix));
            out.flush();
            return 0;
        } catch (ExpositionException e) {
            throw new StartupException(source + ": " + e.getMessage(), e);
        }
    }

    private ExpositionFormat formatOf(MetricsPage page) throws ExpositionException {
        ExpositionFormat said = page.contentType() == null ? null : ExpositionFormat.ofContentType(page.contentType());
        if (format != null && (said == null || isProtobuf(said) == isProtobuf(format.format))) {
            return format.format;
        }
        if (said != null) {
            return said;
        }
        if (source.endsWith(".om")) {
            return ExpositionFormat.OPENMETRICS_1_0;
        }
        if (source.endsWith(".txt") || source.endsWith(".prom")) {
            return ExpositionFormat.TEXT_0_0_4;
        }
        if (source.endsWith(".pb") || page.startsLikeProtobuf()) {
            return ExpositionFormat.PROTOBUF_DELIMITED;
        }
        return page.endsLikeOpenMetrics() ? ExpositionFormat.OPENMETRICS_1_0 : ExpositionFormat.TEXT_0_0_4;
    }

    /** What a server that cannot do what it is asked for sends instead is text. */
    private static boolean isProtobuf(ExpositionFormat candidate) {
        return candidate == ExpositionFormat.PROTOBUF_DELIMITED;
    }
}
