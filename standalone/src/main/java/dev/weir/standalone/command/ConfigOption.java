package dev.weir.standalone.command;

import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.WeirConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --config} of all commands that need a configuration. */
final class ConfigOption {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "The configuration, weir.yml.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    Path file() {
        return file;
    }

    /** @throws ConfigurationException if something is wrong with it that can be known beforehand */
    WeirConfig load() {
        WeirConfig loaded = WeirConfig.load(file);
        Preflight.require(loaded);
        return loaded;
    }

    /** What the configuration lacks for the command. */
    ConfigurationException lacks(String what) {
        return new ConfigurationException(file + ": no " + what);
    }
}
