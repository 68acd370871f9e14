package dev.weir.standalone.command;

import dev.weir.configuration.WeirConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Says what is wrong with a configuration, and where.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration to check.")
    @SuppressWarnings("NullAway.Init")
    private Path config;

    @Override
    public Integer call() {
        WeirConfig checked = WeirConfig.load(config);
        Preflight.require(checked);
        spec.commandLine()
                .getOut()
                .printf(
                        "%s: ok: %s, %s%s, data in %s%n",
                        config,
                        count(checked.scrapeConfigs().size(), "scrape config"),
                        count(checked.remoteWrite().size(), "remote_write receiver"),
                        checked.scaling().rules().isEmpty()
                                ? ""
                                : ", " + count(checked.scaling().rules().size(), "scaling rule"),
                        checked.dataDir());
        return 0;
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
