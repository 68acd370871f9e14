package dev.weir.configuration;

import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Which broker to use.
 *
 * @param bootstrapServers null: the embedded broker
 * @param security Kafka client properties, such as {@code security.protocol} and {@code sasl.jaas.config}
 */
public record KafkaConfig(@Nullable String bootstrapServers, Map<String, Secret> security, Topics topics)
        implements Serializable {
    public KafkaConfig {
        security = Map.copyOf(security);
    }

    public boolean isEmbedded() {
        return bootstrapServers == null;
    }

    /** This, with an address; how the embedded broker makes itself known. */
    public KafkaConfig withBootstrapServers(String servers) {
        return new KafkaConfig(servers, security, topics);
    }

    /**
     * The properties every client of this broker needs: {@code bootstrap.servers} and what {@code security} says.
     *
     * @throws IllegalStateException if no broker is known
     * @throws IOException if a secret's file cannot be read
     */
    public Properties clientProperties() throws IOException {
        if (bootstrapServers == null) {
            throw new IllegalStateException("no kafka.bootstrap_servers, and no embedded broker was started");
        }
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrapServers);
        for (Map.Entry<String, Secret> property : security.entrySet()) {
            properties.setProperty(property.getKey(), property.getValue().reveal());
        }
        return properties;
    }

    /** Names of the topics, and how many partitions each has when Weir creates it. */
    public record Topics(String scrapes, String requests, String series, String deadLetters, int partitions)
            implements Serializable {
        public static final Topics DEFAULT =
                new Topics("weir.scrapes", "weir.requests", "weir.series", "weir.dead-letters", 4);
    }
}
