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
        text,
        openmetrics
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
                    "${COMPLETION-CANDIDATES} (default: by Content-Type; of a file by its name, .om or .txt, else by # EOF.")
    private @Nullable Format format;

    @Override
    public Integer call() throws InterruptedException {
        MetricsPage page = MetricsPage.read(source);
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

    private ExpositionFormat formatOf(MetricsPage page) {
        if (format != null) {
            return format == Format.text ? ExpositionFormat.TEXT_0_0_4 : ExpositionFormat.OPENMETRICS_1_0;
        }
        if (page.contentType() != null) {
            return ExpositionFormat.ofContentType(page.contentType());
        }
        if (source.endsWith(".om")) {
            return ExpositionFormat.OPENMETRICS_1_0;
        }
        if (source.endsWith(".txt") || source.endsWith(".prom")) {
            return ExpositionFormat.TEXT_0_0_4;
        }
        return page.endsLikeOpenMetrics() ? ExpositionFormat.OPENMETRICS_1_0 : ExpositionFormat.TEXT_0_0_4;
    }
}
