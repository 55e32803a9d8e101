package io.remotegpu.api.testing;

import io.remotegpu.api.ApiConfiguration;
import io.remotegpu.db.testing.TestDatabase;
import io.temporal.client.WorkflowClient;
import java.util.ArrayList;
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
                "logging.level.root=WARN",
                "logging.level.org.springdoc=ERROR",
                "logging.level.io.temporal=ERROR",
                "logging.level.org.apache.catalina.loader=ERROR"));
        all.addAll(List.of(settings));
        var arguments = all.stream().map(setting -> "--" + setting).toArray(String[]::new);
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

    public Client client() {
        return new Client("http://127.0.0.1:" + port());
    }

    @Override
    public void close() {
        context.close();
    }
}
