package dev.weir.standalone.command;

import dev.weir.configuration.WeirConfig;
import dev.weir.queryserver.token.TokenScope;
import dev.weir.queryserver.token.Tokens;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "tokens",
        mixinStandardHelpOptions = true,
        description = "Makes, lists and revokes the bearer tokens of the query server (query.auth: tokens).",
        subcommands = {TokensCommand.Create.class, TokensCommand.ListAll.class, TokensCommand.Revoke.class})
final class TokensCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given (expected: create, list or revoke)");
    }

    /** Whose tokens. */
    static final class Place {
        @ArgGroup(multiplicity = "1")
        @SuppressWarnings("NullAway.Init")
        private Either either;

        static final class Either {
            @Option(names = "--config", paramLabel = "FILE", description = "Those in this configuration's data_dir.")
            private @Nullable Path config;

            @Option(
                    names = "--url",
                    converter = ServerUrlOption.class,
                    paramLabel = "URL",
                    description = "Those of this query server, with an administrator's token in $$WEIR_TOKEN.")
            private @Nullable URI url;
        }

        TokenDesk desk() {
            if (either.url != null) {
                return new RemoteTokens(new QueryClient(either.url, QueryClient.tokenOfEnvironment()));
            }
            WeirConfig config = WeirConfig.load(Objects.requireNonNull(either.config));
            return new LocalTokens(Path.of(config.dataDir()));
        }
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Makes a token and prints its secret, once.")
    static final class Create implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Place place;

        @Option(names = "--project", required = true, paramLabel = "PROJECT", description = "Whose data it reaches.")
        @SuppressWarnings("NullAway.Init")
        private String project;

        @Option(
                names = "--scope",
                paramLabel = "SCOPE",
                defaultValue = "read",
                description = "read, write, or admin, which reaches every project (default: ${DEFAULT-VALUE}).")
        @SuppressWarnings("NullAway.Init")
        private String scope;

        @Option(
                names = "--expires",
                converter = DurationOption.class,
                paramLabel = "DURATION",
                description = "How long it is good, such as 90d (default: for ever).")
        private @Nullable Duration expires;

        @Option(names = "--description", defaultValue = "", paramLabel = "TEXT", description = "What it is for.")
        @SuppressWarnings("NullAway.Init")
        private String description;

        @Override
        public Integer call() throws InterruptedException {
            TokenScope wanted;
            try {
                wanted = TokenScope.of(scope);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
            }
            TokenDesk.Shown made = place.desk().create(new Tokens.Wish(project, wanted, expires, description));
            spec.commandLine()
                    .getErr()
                    .println("token " + made.id() + " (" + made.scope() + ", project " + made.project() + ", expires "
                            + text(made.expires()) + "); its secret is shown only now:");
            spec.commandLine().getOut().println(made.secret());
            return 0;
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists tokens, without their secrets.")
    static final class ListAll implements Callable<Integer> {
        private static final List<String> HEADERS =
                List.of("ID", "PROJECT", "SCOPE", "CREATED", "EXPIRES", "LAST USED", "DESCRIPTION");

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Place place;

        @Option(names = "--project", paramLabel = "PROJECT", description = "Only this project's.")
        private @Nullable String project;

        @Override
        public Integer call() throws InterruptedException {
            List<List<String>> rows = new ArrayList<>();
            rows.add(HEADERS);
            for (TokenDesk.Shown token : place.desk().list()) {
                if (project == null || project.equals(token.project())) {
                    rows.add(List.of(
                            token.id(),
                            token.project(),
                            token.scope(),
                            text(token.created()),
                            text(token.expires()),
                            text(token.lastUsed()),
                            token.description()));
                }
            }
            print(rows, spec.commandLine().getOut());
            return 0;
        }

        private static void print(List<List<String>> rows, PrintWriter out) {
            int[] widths = new int[HEADERS.size()];
            rows.forEach(row -> {
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.max(widths[i], row.get(i).length());
                }
            });
            for (List<String> row : rows) {
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < widths.length; i++) {
                    line.append(String.format(Locale.ROOT, "%-" + Math.max(1, widths[i]) + "s  ", row.get(i)));
                }
                out.println(line.toString().stripTrailing());
            }
        }
    }

    @Command(name = "revoke", mixinStandardHelpOptions = true, description = "Ends a token within a second or two.")
    static final class Revoke implements Callable<Integer> {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Mixin
        @SuppressWarnings("NullAway.Init")
        private Place place;

        @Parameters(paramLabel = "ID", description = "As tokens list shows it.")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @Override
        public Integer call() throws InterruptedException {
            place.desk().revoke(id);
            spec.commandLine().getErr().println("token " + id + " is revoked");
            return 0;
        }
    }

    private static String text(@Nullable Instant instant) {
        return instant == null
                ? "never"
                : instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
