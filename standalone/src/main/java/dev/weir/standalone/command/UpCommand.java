package dev.weir.standalone.command;

import dev.weir.configuration.WeirConfig;
import dev.weir.standalone.flink.CheckpointFolder.Damaged;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs everything in one process, on your fleet, until it is stopped.")
final class UpCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private ConfigOption config;

    @Option(
            names = "--from-older-checkpoint",
            description =
                    "If a job's newest checkpoint is damaged, go on from the one before; without this it is refused.")
    private boolean fromOlderCheckpoint;

    @Override
    public Integer call() throws InterruptedException {
        WeirConfig loaded = config.load();
        StandaloneRun run = new StandaloneRun(
                loaded,
                fromOlderCheckpoint ? Damaged.TAKE_OLDER : Damaged.REFUSE,
                spec.commandLine().getOut());
        Foreground.run(foreground -> run.untilStopped(foreground, (out, addresses) -> {}));
        return 0;
    }
}
