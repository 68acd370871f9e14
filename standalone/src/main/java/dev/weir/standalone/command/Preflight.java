package dev.weir.standalone.command;

import dev.weir.aggregation.profile.Profiles;
import dev.weir.aggregation.view.Views;
import dev.weir.configuration.AuthorizationConfig;
import dev.weir.configuration.BasicAuthConfig;
import dev.weir.configuration.ConfigurationException;
import dev.weir.configuration.HttpClientConfig;
import dev.weir.configuration.RemoteWriteConfig;
import dev.weir.configuration.ScalingConfig;
import dev.weir.configuration.ScrapeConfig;
import dev.weir.configuration.Secret;
import dev.weir.configuration.TlsConfig;
import dev.weir.configuration.WeirConfig;
import dev.weir.delivery.DeliveryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be known to be wrong with a configuration before anything is started. */
final class Preflight {
    private Preflight() {}

    /**
     * Does nothing if all files that secrets, certificates, profiles and views are in can be read, and nothing is asked for that this
     * version does not do.
     *
     * @throws ConfigurationException otherwise; the message names the entry and what is wrong with it
     */
    static void require(WeirConfig config) {
        for (ScrapeConfig scrape : config.scrapeConfigs()) {
            requireReadable(scrape.http(), "scrape_configs " + scrape.jobName());
            scrape.httpSdConfigs().forEach(page -> requireReadable(page.http(), "http_sd_configs " + page.url()));
        }
        for (RemoteWriteConfig receiver : config.remoteWrite()) {
            String place = "remote_write " + receiver.name();
            requireReadable(receiver.http(), place);
            requireReadable(receiver.headers(), place);
            DeliveryOptions.requireSupported(receiver);
        }
        requireReadable(config.scaling().http(), "scaling");
        for (ScalingConfig.Rule rule : config.scaling().rules()) {
            Secret key = rule.model().key();
            if (key != null) {
                requireReadable(key, "scaling rule " + rule.name());
            }
        }
        requireReadable(config.kafka().security(), "kafka.security");
        Profiles.load(config.aggregation().profiles());
        Views.load(config.aggregation().views());
    }

    private static void requireReadable(HttpClientConfig http, String place) {
        AuthorizationConfig authorization = http.authorization();
        if (authorization != null) {
            requireReadable(authorization.credentials(), place);
        }
        BasicAuthConfig basicAuth = http.basicAuth();
        if (basicAuth != null) {
            requireReadable(basicAuth.username(), place);
            requireReadable(basicAuth.password(), place);
        }
        TlsConfig tls = http.tls();
        requireFile(tls.caFile(), place);
        requireFile(tls.certFile(), place);
        requireFile(tls.keyFile(), place);
    }

    private static void requireReadable(Map<String, Secret> secrets, String place) {
        secrets.values().forEach(secret -> requireReadable(secret, place));
    }

    private static void requireReadable(Secret secret, String place) {
        try {
            secret.reveal();
        } catch (IOException e) {
            throw new ConfigurationException(place + ": cannot read " + secret.file() + ": " + e, e);
        }
    }

    private static void requireFile(@Nullable String file, String place) {
        if (file != null && !Files.isReadable(Path.of(file))) {
            throw new ConfigurationException(place + ": cannot read " + file + " (expected: a PEM file)");
        }
    }
}
