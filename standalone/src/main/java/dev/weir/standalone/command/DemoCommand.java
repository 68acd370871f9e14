package dev.weir.standalone.command;

import picocli.CommandLine.Command;

@Command(name = "demo", mixinStandardHelpOptions = true, description = "Runs everything with a simulated fleet.")
final class DemoCommand implements Runnable {
    @Override
    public void run() {}
}
