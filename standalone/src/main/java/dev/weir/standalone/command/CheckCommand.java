package dev.weir.standalone.command;

import dev.weir.configuration.WeirConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Says what is wrong with a configuration, and where.")
final class CheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ConfigOption config;

    @Override
    public Integer call() {
        WeirConfig checked = config.load();
        spec.commandLine()
                .getOut()
                .printf(
                        "%s: ok: %s, %s%s, data in %s%n",
                        config.file(),
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
