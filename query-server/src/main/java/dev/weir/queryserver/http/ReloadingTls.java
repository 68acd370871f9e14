package dev.weir.queryserver.http;

import java.io.IOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS whose files may change while it runs: new connections get the new certificate within two seconds, those that are open
 * go on. Where the new files cannot be used, the old ones stay good and the log says why.
 */
public final class ReloadingTls extends AbstractLifeCycle {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadingTls.class);
    private static final long LOOK_EVERY_MILLIS = 1000;

    private final ServerTls tls;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "weir-tls-reload");
        thread.setDaemon(true);
        return thread;
    });
    private String version;

    /** @throws IOException that names what cannot be read or used, and why */
    public ReloadingTls(ServerTls tls) throws IOException {
        this.tls = tls;
        this.version = tls.source().version();
        factory.setSslContext(tls.source().load());
        factory.setNeedClientAuth(tls.asksForCertificate());
        factory.setIncludeProtocols(tls.isTls13Only() ? new String[] {"TLSv1.3"} : new String[] {"TLSv1.3", "TLSv1.2"});
    }

    public SslContextFactory.Server factory() {
        return factory;
    }

    @Override
    protected void doStart() {
        var unused =
                looks.scheduleWithFixedDelay(this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() {
        looks.shutdownNow();
    }

    private void look() {
        try {
            String now = tls.source().version();
            if (!now.equals(version)) {
                // Noted first, so that a broken file is told once.
                version = now;
                SSLContext context = tls.source().load();
                factory.reload(same -> same.setSslContext(context));
                LOG.info("The server's certificate has been read anew");
            }
        } catch (Exception e) {
            if (!e.toString().equals(version)) {
                version = e.toString();
                LOG.warn("The server's certificate cannot be read, the one before stays good: {}", e.getMessage());
            }
        }
    }
}
