package dev.weir.standalone.command;

import picocli.CommandLine.Command;

@Command(name = "query-server", mixinStandardHelpOptions = true, description = "Runs only the receiver, store and API.")
final class QueryServerCommand implements Runnable {
    @Override
    public void run() {}
}
