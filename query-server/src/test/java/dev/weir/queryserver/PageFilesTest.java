package dev.weir.queryserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.queryserver.token.TokenOptions;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics page as files: whatever shows it needs nothing else, and no token. */
class PageFilesTest {
    private static RunningServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        server = RunningServer.start(
                RunningServer.options(directory).withTokens(new TokenOptions(directory.resolve("tokens"), null)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everythingThatThePageNamesIsThereAndNothingIsElsewhere() {
        String page = server.get("/").body();
        List<String> addresses = Pattern.compile("(?:src|href)=\"([^\"#]+)\"")
                .matcher(page)
                .results()
                .map(address -> address.group(1))
                .toList();
        assertTrue(addresses.size() >= 5, page);
        for (String address : addresses) {
            assertEquals(200, server.get("/" + address).statusCode(), address);
        }
    }

    @Test
    void aScriptIsServedWithAllThatItImports() {
        String main = server.get("/page/main.js").body();
        assertTrue(main.contains("import "), main);
        Pattern.compile("from './([a-z]+[.]js)'").matcher(main).results().forEach(imported -> {
            HttpResponse<String> script = server.get("/page/" + imported.group(1));
            assertEquals(200, script.statusCode(), imported.group(1));
            assertEquals(
                    "text/javascript; charset=utf-8",
                    script.headers().firstValue("Content-Type").orElse(""));
        });
    }

    @Test
    void aBrowserIsToldToLoadNothingFromElsewhereAndToBeFramedByNobody() {
        HttpResponse<String> page = server.get("/");
        String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'none'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals(
                "nosniff", page.headers().firstValue("X-Content-Type-Options").orElse(""));
        assertEquals("no-referrer", page.headers().firstValue("Referrer-Policy").orElse(""));
    }

    @Test
    void aFileThatTheBrowserHasIsNotSentAgain() {
        HttpResponse<String> first = server.get("/page/main.js");
        String tag = first.headers().firstValue("ETag").orElse("");
        assertEquals("no-cache", first.headers().firstValue("Cache-Control").orElse(""));
        HttpResponse<String> again = server.get("/page/main.js", "If-None-Match", "\"other\", " + tag);
        assertEquals(304, again.statusCode());
        assertEquals("", again.body());
        assertEquals(tag, again.headers().firstValue("ETag").orElse(""));
        assertEquals(
                200, server.get("/page/main.js", "If-None-Match", "\"other\"").statusCode());
    }

    @Test
    void headSendsTheHeadersOnly() {
        HttpResponse<String> head = server.send("HEAD", "/");
        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        assertEquals(
                "text/html; charset=utf-8",
                head.headers().firstValue("Content-Type").orElse(""));
    }

    @Test
    void onlyThePagesOwnFilesAreServed() {
        assertEquals(404, server.get("/page/").statusCode());
        assertEquals(404, server.get("/page/PageRoutes.class").statusCode());
        assertEquals(400, server.get("/page/%2e%2e/api/package-info.class").statusCode());
        assertEquals(405, server.send("POST", "/").statusCode());
    }
}
