package dev.weir.ingest.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.configuration.KubernetesSdConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.series.Labels;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the API server's objects, and its failures, become targets and problems. */
@Timeout(60)
class KubernetesTargetsTest {
    private static final long POLL_NS = 5_000_000;
    private static final String META = "__meta_kubernetes_";

    private static final FakeApiServer SERVER = new FakeApiServer();

    @TempDir
    private Path folder;

    private final List<KubernetesTargets> opened = new ArrayList<>();

    @AfterEach
    void forget() {
        opened.forEach(KubernetesTargets::close);
        SERVER.forget();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void podsComeChangeAndGo() {
        SERVER.put("""
                kind: Pod
                metadata: {name: p1, namespace: n}
                spec: {containers: [{name: c, ports: [{containerPort: 8000}]}]}
                status: {podIP: 10.0.0.1, phase: Running}
                """);
        KubernetesTargets targets = targets("role: pod");
        List<Labels> first = read(targets);
        assertEquals(List.of("10.0.0.1:8000"), addresses(first));
        assertEquals(first, read(targets), "nothing has changed");
        awaitWatch(targets);

        SERVER.put("""
                kind: Pod
                metadata: {name: p2, namespace: m}
                spec: {containers: [{name: c, ports: [{containerPort: 9}]}]}
                status: {podIP: 'fd00::2', phase: Running}
                """);
        await(() -> addresses(read(targets)).equals(List.of("10.0.0.1:8000", "[fd00::2]:9")));
        Labels unchanged = at("[fd00::2]:9", read(targets));

        SERVER.client()
                .pods()
                .inNamespace("n")
                .withName("p1")
                .edit(pod -> new PodBuilder(pod)
                        .editMetadata()
                        .addToLabels("app", "x")
                        .endMetadata()
                        .build());
        await(() -> read(targets).stream()
                .anyMatch(labels -> labels.getOrEmpty(META + "pod_label_app").equals("x")));
        assertSame(unchanged, at("[fd00::2]:9", read(targets)), "what has not changed is not made again");
        String uid = uid(read(targets), "p1");
        assertFalse(targets.isGone(uid));

        SERVER.client().pods().inNamespace("n").withName("p1").delete();
        await(() -> addresses(read(targets)).equals(List.of("[fd00::2]:9")));
        assertTrue(targets.isGone(uid));
        assertFalse(targets.isGone(uid(read(targets), "p2")));
    }

    @Test
    void endedPodsAreGoneThoughTheyAreStillThere() {
        SERVER.put("""
                kind: Pod
                metadata: {name: p1, namespace: n}
                spec: {containers: [{name: c}]}
                status: {podIP: 10.0.0.1, phase: Succeeded}
                """);
        KubernetesTargets targets = targets("role: pod");
        assertTrue(targets.isGone(uid(read(targets), "p1")));
    }

    @Test
    void podsThatSelectorsLeaveOutNowAreNotGone() {
        SERVER.put("""
                kind: Pod
                metadata: {name: p1, namespace: n, labels: {app: a}}
                spec: {containers: [{name: c}]}
                status: {podIP: 10.0.0.1, phase: Running}
                """);
        KubernetesTargets targets = targets("role: pod, selectors: [{role: pod, label: app=a}]");
        String uid = uid(read(targets), "p1");
        awaitWatch(targets);
        SERVER.client().pods().inNamespace("n").withName("p1").delete();
        await(() -> read(targets).isEmpty());
        assertFalse(targets.isGone(uid), "nobody said that it ends");
    }

    @Test
    void namespacesAndSelectorsAreTheApiServersToApply() {
        KubernetesTargets targets = targets("role: endpoints, namespaces: {names: [a, b]}, selectors: ["
                + "{role: pod, label: 'app in (x,y)', field: 'spec.nodeName=n1,status.phase!=Failed'}]");
        read(targets);
        for (String namespace : List.of("a", "b")) {
            String path = "/api/v1/namespaces/" + namespace;
            assertTrue(wasAsked(path + "/endpoints?"), SERVER.asked.toString());
            assertTrue(wasAsked(path + "/services?"), SERVER.asked.toString());
            assertTrue(
                    SERVER.asked.stream()
                            .anyMatch(request -> request.startsWith(path + "/pods?")
                                    && request.contains("labelSelector=app%20in%20%28x%2Cy%29")
                                    && request.contains("fieldSelector=spec.nodeName%3Dn1%2Cstatus.phase%21%3DFailed")),
                    SERVER.asked.toString());
        }
        assertFalse(wasAsked("/api/v1/nodes"));
    }

    /** What an API server says of a service without pods. */
    @Test
    void aSliceWithoutEndpointsIsNoTargetAndHoldsUpNoOther() throws Exception {
        SERVER.putAsWritten("/apis/discovery.k8s.io/v1/namespaces/n/endpointslices", """
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "empty", "namespace": "n"},
                 "addressType": "IPv4", "endpoints": null, "ports": null}
                """);
        SERVER.putAsWritten("/apis/discovery.k8s.io/v1/namespaces/n/endpointslices", """
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "full", "namespace": "n"},
                 "addressType": "IPv4", "endpoints": [{"addresses": ["10.0.0.1"]}], "ports": [{"port": 8000}]}
                """);
        assertEquals(List.of("10.0.0.1:8000"), addresses(read(targets("role: endpointslice"))));
    }

    @Test
    void aRefusalIsAProblemUntilItIsOver() {
        SERVER.refuse(403);
        KubernetesTargets targets = targets("role: pod");
        List<String> problems = new ArrayList<>();
        assertEquals(List.of(), targets.read(problems::add));
        assertEquals(
                List.of("kubernetes_sd_configs, role pod: list of " + SERVER.url()
                        + "/api/v1/pods: status 403 (expected:" + " a role that may list and watch them)"),
                problems);
        SERVER.refuse(0);
        SERVER.put("""
                kind: Pod
                metadata: {name: p1, namespace: n}
                spec: {containers: [{name: c, ports: [{containerPort: 8000}]}]}
                status: {podIP: 10.0.0.1}
                """);
        await(() -> problems(targets).isEmpty() && read(targets).size() == 1);
    }

    @Test
    void targetsStayWhileTheApiServerIsAway() {
        SERVER.put("""
                kind: Pod
                metadata: {name: p1, namespace: n}
                spec: {containers: [{name: c, ports: [{containerPort: 8000}]}]}
                status: {podIP: 10.0.0.1}
                """);
        KubernetesTargets targets = targets("role: pod");
        assertEquals(1, read(targets).size());
        // The mock serves only watches by WebSocket, which the client gives up for good if its first one fails.
        awaitWatch(targets);
        SERVER.stop();
        await(() -> !problems(targets).isEmpty());
        assertTrue(
                problems(targets).get(0).contains(SERVER.url() + "/api/v1/pods"),
                problems(targets).toString());
        assertEquals(1, targets.read(problem -> {}).size());
        SERVER.startAgain();
        await(() -> problems(targets).isEmpty());
        assertEquals(1, read(targets).size());
    }

    @Test
    void aRotatedTokenIsUsed() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "old\n");
        SERVER.refuse(401);
        KubernetesTargets targets = targets("role: pod, authorization: {credentials_file: token}");
        assertEquals(1, problems(targets).size());
        assertTrue(SERVER.asked.stream().allMatch(request -> request.endsWith(" Bearer old")));
        Files.writeString(token, "new");
        SERVER.refuse(0);
        await(() -> problems(targets).isEmpty());
        assertTrue(SERVER.asked.stream().anyMatch(request -> request.endsWith(" Bearer new")));
        Files.delete(token);
    }

    @Test
    void aKubeconfigSaysWhereAndHow() throws IOException {
        Files.writeString(folder.resolve("kube.yml"), """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts: [{name: here, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: '%s'}}]
                users: [{name: u, user: {token: of-the-file}}]
                """.formatted(SERVER.url()));
        KubernetesTargets targets = targets("role: node, kubeconfig_file: kube.yml", "");
        read(targets);
        assertTrue(
                SERVER.asked.stream().allMatch(request -> request.endsWith(" Bearer of-the-file")),
                SERVER.asked.toString());
        assertTrue(wasAsked("/api/v1/nodes?"));

        Path missing = folder.resolve("none.yml");
        assertEquals(
                List.of("kubernetes_sd_configs, role node: " + missing),
                problems(targets("role: node, kubeconfig_file: none.yml", "")));
    }

    @Test
    void inAPodKubernetesSaysWhereAndHow() throws IOException {
        Files.writeString(folder.resolve("token"), "t");
        Files.writeString(folder.resolve("namespace"), "mine\n");
        Map<String, String> environment =
                Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443");
        InCluster pod = new InCluster(environment::get, folder);
        ApiServer access = ApiServer.of(config("role: pod"), pod);
        assertEquals("https://[fd00::1]:443", access.url());
        assertEquals("Bearer t", access.http().authorizationHeader());
        assertEquals(folder.resolve("ca.crt").toString(), access.http().tls().caFile());
        assertEquals("mine", pod.namespace());
        assertTrue(String.valueOf(assertThrows(IOException.class, () -> new InCluster(name -> null, folder).apiServer())
                        .getMessage())
                .startsWith("no KUBERNETES_SERVICE_HOST"));
    }

    private KubernetesTargets targets(String yaml) {
        return targets(yaml, ", api_server: '" + SERVER.url() + "'");
    }

    private KubernetesTargets targets(String yaml, String where) {
        KubernetesTargets made =
                new KubernetesTargets(config(yaml + where), () -> Instant.EPOCH, new InCluster(name -> null, folder));
        opened.add(made);
        return made;
    }

    private KubernetesSdConfig config(String yaml) {
        return WeirConfig.parse(
                        "scrape_configs: [{job_name: j, kubernetes_sd_configs: [{" + yaml + "}]}]",
                        folder.resolve("weir.yml").toString())
                .scrapeConfigs()
                .get(0)
                .kubernetesSdConfigs()
                .get(0);
    }

    private boolean wasAsked(String prefix) {
        return SERVER.asked.stream().anyMatch(request -> request.startsWith(prefix));
    }

    private static List<Labels> read(KubernetesTargets targets) {
        List<String> problems = new ArrayList<>();
        List<Labels> read = targets.read(problems::add);
        assertEquals(List.of(), problems);
        return read;
    }

    private static List<String> problems(KubernetesTargets targets) {
        List<String> problems = new ArrayList<>();
        targets.read(problems::add);
        return problems;
    }

    private static String uid(List<Labels> targets, String pod) {
        return targets.stream()
                .filter(labels -> labels.getOrEmpty(META + "pod_name").equals(pod))
                .findFirst()
                .orElseThrow()
                .getOrEmpty(META + "pod_uid");
    }

    private static Labels at(String address, List<Labels> targets) {
        return targets.stream()
                .filter(labels -> labels.getOrEmpty("__address__").equals(address))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> addresses(List<Labels> targets) {
        return targets.stream()
                .map(labels -> labels.getOrEmpty("__address__"))
                .sorted()
                .toList();
    }

    private static void awaitWatch(KubernetesTargets targets) {
        await(() -> {
            SERVER.touch("n", "p1");
            return read(targets).stream().anyMatch(labels -> labels.get(META + "pod_annotation_turn") != null);
        });
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            assertFalse(Thread.interrupted(), "not in time");
            LockSupport.parkNanos(POLL_NS);
        }
    }
}
