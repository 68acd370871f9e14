package dev.weir.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The dashboards as files; {@link DemoTest} and {@link PrometheusAgreementTest} run what they ask. */
class DashboardFilesTest {
    @Test
    void thereIsOneForTheFleetAModelTorchServeAGatewaysPoolAndWeirItself() throws IOException {
        assertEquals(
                Set.of("fleet.json", "model.json", "torchserve.json", "gateway-pool.json", "operations.json"),
                Dashboards.all().keySet());
        JsonNode torchServe =
                Objects.requireNonNull(Dashboards.all().get("torchserve.json")).path("panels");
        assertEquals(
                List.of("GPU memory", "Latency", "Throughput", "Error ratio"), torchServe.findValuesAsText("title"));
    }

    @Test
    void panelsSayWhatTheyShowInWhichUnitAndNeverZeroForUnknown() throws IOException {
        for (Map.Entry<String, JsonNode> dashboard : Dashboards.all().entrySet()) {
            for (JsonNode panel : dashboard.getValue().path("panels")) {
                if (panel.path("type").asText().equals("row")) {
                    continue;
                }
                String where = dashboard.getKey() + ", " + panel.path("title").asText();
                JsonNode defaults = panel.path("fieldConfig").path("defaults");
                assertFalse(panel.path("description").asText().isEmpty(), where);
                assertFalse(defaults.path("unit").asText().isEmpty(), where);
                assertEquals("not measured", defaults.path("noValue").asText(), where);
                assertEquals(
                        "${datasource}", panel.path("datasource").path("uid").asText(), where);
            }
        }
    }

    @Test
    void panelsLieBesideEachOther() throws IOException {
        for (Map.Entry<String, JsonNode> dashboard : Dashboards.all().entrySet()) {
            Set<String> taken = new HashSet<>();
            for (JsonNode panel : dashboard.getValue().path("panels")) {
                JsonNode place = panel.path("gridPos");
                for (int x = place.path("x").asInt();
                        x < place.path("x").asInt() + place.path("w").asInt();
                        x++) {
                    for (int y = place.path("y").asInt();
                            y < place.path("y").asInt() + place.path("h").asInt();
                            y++) {
                        assertTrue(x < 24 && taken.add(x + "," + y), dashboard.getKey() + ": " + panel.path("title"));
                    }
                }
            }
        }
    }
}
