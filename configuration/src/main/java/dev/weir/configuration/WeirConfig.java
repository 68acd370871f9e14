package dev.weir.configuration;

import dev.weir.series.Labels;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All of {@code weir.yml}, checked. Immutable; printing it shows no secret.
 *
 * @param project of targets that carry no {@code project_id} label
 * @param dataDir absolute path of everything that is kept
 * @param externalLabels {@code global.external_labels}, for receivers of remote writes
 */
public record WeirConfig(
        String project,
        String dataDir,
        List<ScrapeConfig> scrapeConfigs,
        KafkaConfig kafka,
        FlinkConfig flink,
        AggregationConfig aggregation,
        List<RemoteWriteConfig> remoteWrite,
        QueryConfig query,
        ScalingConfig scaling,
        Labels externalLabels)
        implements Serializable {
    public static final String DEFAULT_PROJECT = "default";
    public static final String DEFAULT_DATA_DIR = "./weir-data";

    public WeirConfig {
        scrapeConfigs = List.copyOf(scrapeConfigs);
        remoteWrite = List.copyOf(remoteWrite);
    }

    /**
     * The configuration in {@code file}.
     *
     * @throws ConfigurationException if the file cannot be read or what it says cannot be used
     */
    public static WeirConfig load(Path file) {
        String yaml;
        try {
            yaml = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(file + ": no such file (expected: a configuration)", e);
        } catch (CharacterCodingException e) {
            throw new ConfigurationException(file + ": not UTF-8 (expected: YAML in UTF-8)", e);
        } catch (IOException e) {
            throw new ConfigurationException(file + ": cannot be read: " + e, e);
        }
        return parse(yaml, file.toString());
    }

    /**
     * The configuration that {@code yaml} says; relative paths in it start at the folder of {@code fileName}.
     *
     * @throws ConfigurationException if it cannot be used; the message starts with {@code fileName:line:column}
     */
    public static WeirConfig parse(String yaml, String fileName) {
        return new WeirConfigReader(new YamlSource(fileName, System::getenv)).read(yaml);
    }

    /** What {@code weir.yml} may leave out: everything. */
    public static WeirConfig empty() {
        return parse("", "weir.yml");
    }

    /** The job's configuration, or null if no such job is configured. */
    public @Nullable ScrapeConfig scrapeConfig(String jobName) {
        for (ScrapeConfig scrapeConfig : scrapeConfigs) {
            if (scrapeConfig.jobName().equals(jobName)) {
                return scrapeConfig;
            }
        }
        return null;
    }

    /** This, with the address of a broker. */
    public WeirConfig withKafka(KafkaConfig other) {
        return new WeirConfig(
                project,
                dataDir,
                scrapeConfigs,
                other,
                flink,
                aggregation,
                remoteWrite,
                query,
                scaling,
                externalLabels);
    }

    /** This, with other scrape configurations; how the demo brings its own fleet. */
    public WeirConfig withScrapeConfigs(List<ScrapeConfig> others) {
        return new WeirConfig(
                project, dataDir, others, kafka, flink, aggregation, remoteWrite, query, scaling, externalLabels);
    }

    public WeirConfig withDataDir(String other) {
        return new WeirConfig(
                project, other, scrapeConfigs, kafka, flink, aggregation, remoteWrite, query, scaling, externalLabels);
    }

    /** What the ingest job reads of this. It runs anew when this changes, and only then. */
    public WeirConfig forIngest() {
        return forJob(
                project,
                scrapeConfigs.stream().map(ScrapeConfig::forIngest).toList(),
                AggregationConfig.DEFAULT.withWindow(aggregation.window()));
    }

    /** What the aggregation job reads of this. It runs anew when this changes, and only then. */
    public WeirConfig forAggregation() {
        return forJob(
                DEFAULT_PROJECT,
                scrapeConfigs.stream().map(ScrapeConfig::forAggregation).toList(),
                aggregation);
    }

    private WeirConfig forJob(String jobProject, List<ScrapeConfig> jobScrapes, AggregationConfig jobAggregation) {
        return new WeirConfig(
                jobProject,
                DEFAULT_DATA_DIR,
                jobScrapes,
                kafka,
                flink,
                jobAggregation,
                List.of(),
                QueryConfig.DEFAULT,
                ScalingConfig.NONE,
                Labels.EMPTY);
    }
}
