package dev.weir.standalone;

import dev.weir.standalone.command.WeirCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The command line: {@code weir demo | up | query-server | check | query | snapshot}. */
public final class Weir {
    private Weir() {}

    /** Exits with 0, with 1 where something failed, or with 2 where usage or configuration is wrong. */
    public static void main(String[] args) {
        // Without it the JDK's HTTP server answers each small request 40 ms late.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int exitCode = WeirCommand.run(args, out, err);
        out.flush();
        err.flush();
        System.exit(exitCode);
    }
}
