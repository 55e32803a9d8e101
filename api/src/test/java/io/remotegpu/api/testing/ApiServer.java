package io.remotegpu.api.testing;

import io.remotegpu.api.ApiConfiguration;
import io.remotegpu.db.testing.TestDatabase;
import io.temporal.client.WorkflowClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** One API process: its own application context and port, on a database and a Temporal that others may share. */
public final class ApiServer implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private ApiServer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(ApiConfiguration.class)
    static class Application {}

    public static ApiServer start(TestDatabase database, WorkflowClient temporal, String... settings) {
        var all = new ArrayList<>(List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "spring.datasource.url=" + database.url(),
                "spring.datasource.username=" + database.username(),
                "spring.datasource.password=" + database.password(),
                "spring.datasource.hikari.maximum-pool-size=20",
                "remotegpu.installation.key=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
                "remotegpu.security.bcrypt-strength=4",
                "remotegpu.security.password-min-length=6",
                "remotegpu.security.common-passwords=false",
                // There, and never reached: a test is one user from one address.
                "remotegpu.rate-limits.user.requests=1000000",
                "remotegpu.rate-limits.address.requests=1000000",
                "remotegpu.rate-limits.login.requests=1000000",
                "logging.level.root=WARN",
                "logging.level.org.springdoc=ERROR",
                "logging.level.io.temporal=ERROR",
                "logging.level.org.apache.catalina.loader=ERROR"));
        all.addAll(List.of(settings));
        // Of two values for one setting, the test's own is the one that counts.
        var byName = new LinkedHashMap<String, String>();
        all.forEach(setting -> byName.put(setting.substring(0, setting.indexOf('=')), setting));
        var arguments = byName.values().stream().map(setting -> "--" + setting).toArray(String[]::new);
        return new ApiServer(new SpringApplicationBuilder(Application.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("temporal", temporal))
                .run(arguments));
    }

    public int port() {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    public <T> Collection<T> beans(Class<T> type) {
        return context.getBeansOfType(type).values();
    }

    public Client client() {
        return new Client("http://127.0.0.1:" + port());
    }

    @Override
    public void close() {
        context.close();
    }
}
