package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.WeirConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** {@code docker-compose.yml}: valid by the Compose schema, and all that it names is there. */
class ComposeFileTest {
    private static final Path ROOT = Path.of(System.getProperty("weir.root"));
    private static final Path FILE = ROOT.resolve("docker-compose.yml");

    @Test
    void composeTakesIt() throws Exception {
        Assumptions.assumeTrue(WeirProcess.onPath("docker-compose"), "docker-compose is not on the PATH");
        // Debian's Compose has the schema of before the file could name the project.
        String file = Files.readString(FILE).replaceFirst("(?m)^name: weir$", "");
        Process compose = new ProcessBuilder(
                        "docker-compose", "--project-directory", ROOT.toString(), "-f", "-", "config")
                .redirectErrorStream(true)
                .start();
        compose.getOutputStream().write(file.getBytes(StandardCharsets.UTF_8));
        compose.getOutputStream().close();
        String said = new String(compose.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(compose.waitFor(60, TimeUnit.SECONDS), "docker-compose ends");
        assertEquals(0, compose.exitValue(), said);
    }

    @Test
    void allThatItNamesIsThere() throws IOException {
        Map<String, Object> compose =
                map(new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FILE)));
        Map<String, Object> services = map(compose.get("services"));
        Set<String> volumes = map(compose.get("volumes")).keySet();
        services.forEach((name, value) -> {
            Map<String, Object> service = map(value);
            String image = String.valueOf(service.get("image"));
            assertTrue(
                    image.matches("[a-z/-]+:[v0-9][0-9a-z.-]*"), name + ": image " + image + " (expected: a version)");
            if (service.containsKey("build")) {
                Map<String, Object> build = map(service.get("build"));
                Path context = ROOT.resolve((String) build.get("context"));
                Path dockerfile = context.resolve((String) build.get("dockerfile"));
                assertTrue(stages(dockerfile).contains(build.get("target")), name + ": " + build);
            } else {
                assertFalse(image.startsWith("weir"), name + ": nobody builds " + image);
            }
            for (Object mount : (List<?>) service.getOrDefault("volumes", List.of())) {
                String source = ((String) mount).split(":")[0];
                assertTrue(
                        source.startsWith("./") ? Files.exists(ROOT.resolve(source)) : volumes.contains(source),
                        name + ": volume " + source);
            }
            Object needs = service.getOrDefault("depends_on", Map.of());
            assertTrue(services.keySet().containsAll(map(needs).keySet()), name + ": depends_on " + needs);
        });
        WeirConfig.load(ROOT.resolve("deploy/compose/weir.yml"));
    }

    @Test
    void theDockerfileCopiesWhatIsThere() throws IOException {
        Matcher copy = Pattern.compile("(?m)^COPY (?!--from)(?:--\\S+ )*(\\S+) \\S+$")
                .matcher(Files.readString(ROOT.resolve("deploy/docker/Dockerfile")));
        int copies = 0;
        while (copy.find()) {
            copies++;
            assertTrue(Files.exists(ROOT.resolve(copy.group(1))), copy.group());
        }
        assertTrue(copies >= 3);
    }

    private static Set<String> stages(Path dockerfile) {
        Set<String> stages = new TreeSet<>();
        try {
            Matcher stage = Pattern.compile("(?m)^FROM \\S+ AS (\\S+)$").matcher(Files.readString(dockerfile));
            while (stage.find()) {
                stages.add(stage.group(1));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return stages;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }
}
