package dev.weir.standalone.command;

import dev.weir.configuration.ConfigurationException;
import dev.weir.standalone.StartupException;
import java.io.PrintWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command. Whatever goes wrong becomes one line on standard error and an exit code. */
@Command(
        name = "weir",
        mixinStandardHelpOptions = true,
        version = "weir 0.1.0",
        description = "Turns the /metrics of an inference fleet into answers per pipeline and model.",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            QueryServerCommand.class,
            SubmitCommand.class,
            CheckCommand.class,
            ScaleCommand.class,
            QueryCommand.class,
            TokensCommand.class,
            SnapshotCommand.class
        })
public final class WeirCommand implements Runnable {
    static final int FAILED = 1;
    static final int BAD_USAGE = 2;

    private static final Logger LOG = LoggerFactory.getLogger(WeirCommand.class);

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli before anything runs.
    private CommandSpec spec;

    /** Runs one command line and returns its exit code. */
    public static int run(String[] args, PrintWriter out, PrintWriter err) {
        return new CommandLine(new WeirCommand())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(WeirCommand::badUsage)
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> failed(failure, err))
                .execute(args);
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no command given (expected: one of "
                        + String.join(", ", spec.subcommands().keySet()) + ")");
    }

    private static int badUsage(ParameterException failure, String[] args) {
        String name = failure.getCommandLine().getCommandSpec().qualifiedName();
        failure.getCommandLine()
                .getErr()
                .println(name + ": " + oneLine(failure.getMessage()) + "; see ./" + name + " --help");
        return BAD_USAGE;
    }

    private static int failed(Exception failure, PrintWriter err) {
        if (failure instanceof ConfigurationException || failure instanceof BadInputException) {
            err.println("weir: " + oneLine(failure.getMessage()));
            return BAD_USAGE;
        }
        if (failure instanceof StartupException) {
            err.println("weir: " + oneLine(failure.getMessage()));
            LOG.debug("cause", failure);
            return FAILED;
        }
        err.println("weir: internal error: " + oneLine(failure.toString()));
        LOG.error("internal error", failure);
        return FAILED;
    }

    private static String oneLine(@org.jspecify.annotations.Nullable String message) {
        return message == null ? "unknown" : message.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
