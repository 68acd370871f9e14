package dev.weir.queryserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.queryserver.token.TokenOptions;
import dev.weir.queryserver.token.TokenScope;
import dev.weir.queryserver.token.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics page in a real Chromium, on twenty minutes of two projects. */
class PageBrowserTest {
    /** Pixels of a chart that are of some colour: lines and bands, not axes and grid. */
    private static final String COLORED = """
            (selector => {
              const canvas = document.querySelector(selector + ' canvas');
              if (!canvas || !canvas.width) return 0;
              const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
              let count = 0;
              for (let i = 0; i < data.length; i += 4) {
                const [r, g, b, a] = data.slice(i, i + 4);
                if (a > 20 && Math.max(r, g, b) - Math.min(r, g, b) > 60) count++;
              }
              return count;
            })""";

    private static RunningServer open;
    private static RunningServer closed;
    private static String secret;
    private static Browser browser;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Optional<Path> program = Browser.program();
        assumeTrue(program.isPresent(), "no chromium on the PATH: the page is not tried in a browser");
        open = RunningServer.start(directory.resolve("open"));
        assertEquals(204, open.write(FleetSamples.write()).statusCode());
        Path tokens = directory.resolve("tokens");
        try (Tokens made = Tokens.open(tokens, InstantSource.system())) {
            secret = made.create(new Tokens.Wish("alpha", TokenScope.READ, null, ""))
                    .secret();
        }
        closed = RunningServer.start(
                RunningServer.options(directory.resolve("closed")).withTokens(new TokenOptions(tokens, "own")));
        assertEquals(
                204,
                closed.write(FleetSamples.write(), "Authorization", "Bearer own")
                        .statusCode());
        browser = Browser.start(program.get(), directory.resolve("profile"));
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
            open.close();
            closed.close();
        }
    }

    @Test
    void drawsTheFleetAndItsNumbersWithNothingFromElsewhere() {
        overview("");
        browser.until(COLORED + "('#card-requests') > 300");
        browser.until(COLORED + "('#card-ttft') > 2000");
        assertEquals("24/s", browser.text("#stat-requests dd"));
        assertEquals("2 %", browser.text("#stat-errors dd"), "of the requests of engines that count errors");
        assertEquals("2k/s", browser.text("#stat-input dd"));
        assertEquals("800/s", browser.text("#stat-output dd"));
        assertEquals("100 ms – 500 ms", browser.text("#stat-ttft .bounds"));
        assertEquals("7", browser.text("#stat-replicas dd"));
        assertEquals("100 %", browser.text("#stat-completeness dd"));
        assertTrue(browser.text("#card-requests .legend").contains("chat-8b"));
        assertTrue(browser.text("#freshness").startsWith("Complete to"), browser.text("#freshness"));
        assertEquals(List.of(), browser.complaints());
        String base = address(open);
        assertTrue(browser.requested().size() > 20);
        assertTrue(
                browser.requested().stream().allMatch(asked -> asked.startsWith(base) || asked.equals("about:blank")));
    }

    @Test
    void saysWhatAnEngineDoesNotMeasureInsteadOfZero() {
        overview("#model=resnet18");
        browser.until("document.querySelector('#card-output').innerText.includes('Not measured by torchserve')");
        browser.until("document.querySelector('#stat-output').innerText.includes('not measured')");
        assertEquals("–", browser.text("#stat-output dd"));
        browser.until("document.querySelector('#card-duration .legend').innerText.includes('mean')");
        assertTrue(browser.text("#card-duration .legend").contains("40 ms"));
        assertEquals("1", browser.text("#stat-replicas dd"));
    }

    @Test
    void choicesChangeTheChartsAndTheAddressAndBackTakesThemBack() {
        overview("");
        String label = "document.querySelector('#card-requests .plot').ariaLabel";
        String before = browser.evaluate(label).asText();
        browser.click("[data-value=\"5m\"]");
        browser.until(label + " !== " + quoted(before));
        assertEquals("#range=5m", browser.evaluate("location.hash").asText());
        browser.evaluate(
                "{const s = document.querySelector('#project'); s.value = 'beta'; s.dispatchEvent(new Event('change'))}");
        browser.until("document.querySelector('#card-requests .legend').innerText.includes('code-3b')"
                + " && !document.querySelector('#card-requests .legend').innerText.includes('chat-8b')");
        browser.until("document.querySelector('#stat-requests dd').innerText === '10/s'");
        assertEquals("#project=beta&range=5m", browser.evaluate("location.hash").asText());
        browser.evaluate("history.back()");
        browser.until("location.hash === '#range=5m'");
        browser.until("document.querySelector('#card-requests .legend').innerText.includes('chat-8b')");
    }

    @Test
    void draggingOverAChartZoomsIntoItAndLiveLeadsBack() {
        overview("");
        browser.until("document.querySelector('#card-requests .u-over')");
        String middle = "(r => ({x: r.x, y: r.y + r.height / 2, width: r.width}))"
                + "(document.querySelector('#card-requests .u-over').getBoundingClientRect())";
        int x = browser.evaluate(middle).path("x").asInt();
        int y = browser.evaluate(middle).path("y").asInt();
        browser.drag(x + 20, x + 90, y);
        browser.until("location.hash.includes('from=')");
        browser.until("!document.querySelector('#freshness').innerText.includes('Complete')");
        browser.click("#live");
        browser.until("location.hash === ''");
    }

    @Test
    void aQueryIsDrawnAndListedAndItsErrorIsShownAtItsPlace() {
        overview("");
        browser.press("/");
        browser.until("document.activeElement.id === 'expr'");
        browser.type("sum by (pipeline_name) (rate(inference_requests_total[1m])");
        browser.press("Enter");
        browser.until("!document.querySelector('#expr-error').hidden");
        assertTrue(browser.text("#expr-error").contains("unclosed left parenthesis"), browser.text("#expr-error"));
        browser.type(") by (x)");
        browser.click("[data-value=\"1h\"]");
        browser.until("document.querySelector('#expr-error').hidden === false && location.hash.includes('range=1h')");
        assertTrue(
                browser.evaluate("document.querySelector('#expr').value.endsWith('by (x)')")
                        .asBoolean(),
                "typed text is lost");
        browser.evaluate("document.querySelector('#expr').focus()");
        browser.press("Enter");
        browser.until("document.querySelector('.mirror mark')?.textContent === 'by'");
        assertEquals(
                "true",
                browser.evaluate("document.querySelector('#expr').ariaInvalid").asText());
        browser.evaluate("document.querySelector('#expr').setSelectionRange(58, 66)");
        browser.press("Backspace");
        browser.evaluate(
                "document.querySelector('#expr').value = 'sum by (model_name) (rate(inference_requests_total[1m]))'");
        browser.press("Enter");
        browser.until("document.querySelector('#table tbody tr')");
        assertEquals(
                3,
                browser.evaluate("document.querySelectorAll('#table tbody tr').length")
                        .asInt());
        assertTrue(browser.text("#table").contains("acme/chat-8b"));
        assertTrue(
                browser.evaluate("document.querySelector('#expr-error').hidden").asBoolean());
        browser.until(COLORED + "('#graph') > 300");
        assertTrue(browser.evaluate("location.hash").asText().contains("expr=sum+by"));
    }

    @Test
    void arrowKeysOnAChartTellTheValuesOfThePast() {
        overview("");
        browser.until("document.querySelector('#card-requests .u-over')");
        browser.evaluate("document.querySelector('#card-requests .plot').focus()");
        assertEquals("", browser.text("#card-requests .card-at"));
        browser.press("ArrowLeft");
        browser.press("ArrowLeft");
        browser.until("/^.*:.*:../.test(document.querySelector('#card-requests .card-at').innerText)");
        assertEquals(browser.text("#card-requests .card-at"), browser.text("#card-input .card-at"));
        browser.press("Escape");
        browser.until("document.querySelector('#card-requests .card-at').innerText === ''");
    }

    @Test
    void asksForATokenTellsARefusedOneAndKeepsAGoodOneForTheTabOnly() {
        browser.open(address(closed), 1000, 800, false, false);
        browser.until("document.querySelector('#token-dialog').open");
        browser.type("wrong");
        browser.press("Enter");
        browser.until("document.querySelector('#token-reason').innerText.includes('refused')");
        browser.type(secret);
        browser.press("Enter");
        browser.until("document.querySelector('#stat-requests dd').innerText === '14/s'");
        assertFalse(
                browser.evaluate("document.querySelector('#token-dialog').open").asBoolean());
        assertFalse(browser.text("#card-requests .legend").contains("code-3b"), "another project's");
        assertEquals(
                secret, browser.evaluate("sessionStorage.getItem('weir.token')").asText());
        assertEquals(
                "0 ''",
                browser.evaluate("localStorage.length + \" '\" + document.cookie + \"'\"")
                        .asText());
        assertTrue(browser.requested().stream().noneMatch(asked -> asked.contains(secret)));
        browser.click("#forget");
        browser.until("document.querySelector('#token-dialog').open");
        assertTrue(browser.evaluate("sessionStorage.getItem('weir.token') === null")
                .asBoolean());
    }

    @Test
    void fitsAPhone() {
        for (String hash : List.of("", "#view=query&expr=inference_replicas")) {
            browser.open(address(open) + hash, 360, 740, true, false);
            browser.until("document.querySelector('.u-over, #table tbody tr')");
            assertEquals(
                    360,
                    browser.evaluate("document.documentElement.scrollWidth").asInt(),
                    hash);
            String tooSmall = "[...document.querySelectorAll('button, select, input, textarea')]"
                    + ".filter(e => e.checkVisibility() && !e.matches('.card header *'))"
                    + ".filter(e => e.getBoundingClientRect().height < 30).map(e => e.outerHTML).join()";
            assertEquals("", browser.evaluate(tooSmall).asText());
        }
    }

    @Test
    void followsTheColorSchemeWhileItIsOpen() {
        overview("");
        browser.until(COLORED + "('#card-requests') > 300");
        String background = "getComputedStyle(document.body).backgroundColor";
        String line = "getComputedStyle(document.querySelector('#card-requests .swatch')).color";
        String[] light = {
            browser.evaluate(background).asText(), browser.evaluate(line).asText()
        };
        browser.darkIs(true);
        browser.until(background + " !== " + quoted(light[0]));
        assertEquals("rgb(14, 17, 21)", browser.evaluate(background).asText());
        assertNotEquals(light[1], browser.evaluate(line).asText());
        browser.until(COLORED + "('#card-requests') > 300");
    }

    @Test
    void runsNoScriptThatIsNotItsOwn() {
        overview("");
        for (String attempt : List.of(
                "document.body.innerHTML = '<b>x</b>'",
                "document.body.setAttribute('onclick', 'window.foreign = 1')",
                "document.createElement('script').textContent = 'window.foreign = 1'",
                "setTimeout('window.foreign = 1')")) {
            String outcome = "(() => { try { " + attempt + "; return 'done' } catch { return 'refused' } })()";
            assertEquals("refused", browser.evaluate(outcome).asText(), attempt);
        }
        String elsewhere = "fetch('http://127.0.0.1:" + closed.port()
                + "/-/healthy', {mode: 'no-cors'}).then(() => 'got', () => 'refused')";
        assertEquals("refused", browser.evaluate(elsewhere).asText());
    }

    private static void overview(String hash) {
        browser.open(address(open) + hash, 1280, 1700, false, false);
        browser.until("document.querySelector('#card-completeness[aria-busy=\"false\"]')");
    }

    private static String address(RunningServer server) {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }
}
