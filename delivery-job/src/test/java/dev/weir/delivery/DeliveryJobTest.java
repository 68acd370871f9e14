package dev.weir.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.configuration.KafkaConfig;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class DeliveryJobTest {
    private final StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();

    @Test
    void operatorsKeepTheirIdentities() throws Exception {
        DeliveryJob.build(env, options());
        StreamGraph graph = env.getStreamGraph();
        assertEquals(
                List.of("delivery-remote-write", "delivery-series-source"),
                graph.getStreamNodes().stream()
                        .map(StreamNode::getTransformationUID)
                        .sorted()
                        .toList());
    }

    @Test
    void isOneTaskSoThatNothingWaitsBetweenReadingAndPosting() throws Exception {
        DeliveryJob.build(env, options());
        assertEquals(1, env.getStreamGraph().getJobGraph().getNumberOfVertices());
    }

    @Test
    void usesNoGenericTypesAndNeverFailsForACheckpoint() throws Exception {
        DeliveryJob.build(env, options());
        assertEquals(false, env.getConfiguration().get(PipelineOptions.GENERIC_TYPES));
        assertEquals(Integer.MAX_VALUE, env.getConfiguration().get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER));
    }

    @Test
    void queryServerIsAReceiverUnderItsWritePath() {
        assertEquals(
                URI.create("http://127.0.0.1:9095/api/v1/write"),
                options().receiver().url());
    }

    private static DeliveryOptions options() {
        return DeliveryOptions.toQueryServer(
                URI.create("http://127.0.0.1:9095"),
                null,
                new KafkaConfig("127.0.0.1:9092", Map.of(), KafkaConfig.Topics.DEFAULT));
    }
}
