package io.remotegpu.activities.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseConfiguration;
import io.remotegpu.db.host.AgentSessions;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.db.host.HostUpdate;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.testing.TestDatabase;
import io.remotegpu.drivers.spi.DeploymentMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

class DatabaseHostsIT {

    private static final long GIB = 1L << 30;
    private static final UUID AGENT = UUID.randomUUID();

    @TempDir
    static Path folder;

    private static ConfigurableApplicationContext application;

    private final HostRegistry registry = application.getBean(HostRegistry.class);
    private final HostRepository rows = application.getBean(HostRepository.class);
    private final AgentSessions agents = application.getBean(AgentSessions.class);
    private final Hosts hosts = application.getBean(Hosts.class);

    @BeforeAll
    static void startDatabase() {
        var database = TestDatabase.create();
        application = new SpringApplicationBuilder(Rows.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of(
                        "spring.datasource.url", database.url(),
                        "spring.datasource.username", database.username(),
                        "spring.datasource.password", database.password(),
                        "remotegpu.installation.key-folder", folder.toString()))
                .run();
    }

    @AfterAll
    static void stopDatabase() {
        application.close();
    }

    @BeforeEach
    void withoutHosts() {
        application.getBean(JdbcClient.class).sql("TRUNCATE hosts CASCADE").update();
    }

    @Test
    void thisMachineIsActiveFromItsFirstReportOn() {
        registry.register(List.of(machine("10.0.0.1", "docker")));

        Host host = host("node-1");
        assertThat(host.status()).isEqualTo(HostStatus.ACTIVE);
        assertThat(host.modes()).containsExactly(DeploymentMode.DOCKER);
        assertThat(host.totalCpu()).isEqualTo(8);
        assertThat(host.totalMemory()).isEqualTo(32 * GIB);
        assertThat(gpus("node-1")).isEqualTo(1);
    }

    @Test
    void anEngineThatGoesAwayIsNoLongerOffered() {
        registry.register(List.of(machine("10.0.0.1", "docker")));
        registry.report(machine("10.0.0.1"));

        assertThat(host("node-1").modes()).isEmpty();
        registry.report(machine("10.0.0.1", "docker"));
        assertThat(host("node-1").modes()).containsExactly(DeploymentMode.DOCKER);
    }

    @Test
    void anAdministratorsAddressLastsUntilBindChanges() {
        registry.register(List.of(machine("10.0.0.1", "docker")));
        hosts.update("node-1", new HostUpdate(null, "203.0.113.7", null, null, null, null));

        registry.register(List.of(machine("10.0.0.1", "docker")));
        assertThat(host("node-1").ipAddress()).isEqualTo("203.0.113.7");

        registry.register(List.of(machine("10.0.0.2", "docker")));
        assertThat(host("node-1").ipAddress()).isEqualTo("10.0.0.2");
        assertThat(host("node-1").bindAddress()).isEqualTo("10.0.0.2");
    }

    @Test
    void anAdministratorsDrainOutlastsReports() {
        registry.register(List.of(machine("10.0.0.1", "docker")));
        hosts.drain("node-1");

        registry.register(List.of(machine("10.0.0.1", "docker")));

        assertThat(host("node-1").status()).isEqualTo(HostStatus.DRAINING);
    }

    @Test
    void simulatedHostsTakeNothingNewWhileTheyAreNotSimulated() {
        registry.register(List.of(new SimulatedMachine(1, 8).report(), new SimulatedMachine(2, 8).report()));
        assertThat(host("sim-2").status()).isEqualTo(HostStatus.ACTIVE);
        assertThat(gpus("sim-2")).isEqualTo(8);

        registry.register(List.of(new SimulatedMachine(1, 8).report()));
        assertThat(host("sim-1").status()).isEqualTo(HostStatus.ACTIVE);
        assertThat(host("sim-2").status()).isEqualTo(HostStatus.DRAINING);

        registry.register(List.of(new SimulatedMachine(2, 8).report()));
        assertThat(host("sim-2").status()).isEqualTo(HostStatus.ACTIVE);
    }

    @Test
    void noAgentGetsAHostThatThisProcessServes() {
        registry.register(List.of(machine("10.0.0.1", "docker")));

        assertThat(agents.take("node-1", AGENT, "10.0.0.9"))
                .hasValueSatisfying(holder -> assertThat(holder.session()).isNotEqualTo(AGENT));
        // Another start of this process is no other agent.
        registry.register(List.of(machine("10.0.0.1", "docker")));
    }

    @Test
    void aHostThatAnAgentServesIsNotServedByThisProcess() {
        registry.register(List.of(machine("10.0.0.1", "docker")));
        application.getBean(JdbcClient.class).sql("DELETE FROM agent_sessions").update();
        agents.take("node-1", AGENT, "10.0.0.9");

        assertThatThrownBy(() -> registry.register(List.of(machine("10.0.0.1", "docker"))))
                .hasMessageContaining("10.0.0.9")
                .hasMessageContaining("node-1");
    }

    @Test
    void aReportOfARemovedHostChangesNothing() {
        registry.report(machine("10.0.0.1", "docker"));

        assertThat(rows.all()).isEmpty();
    }

    private Host host(String id) {
        return rows.findById(id).orElseThrow();
    }

    private static int gpus(String host) {
        return application
                .getBean(JdbcClient.class)
                .sql("SELECT count(*) FROM gpus WHERE host_id = ? AND status = 'available'")
                .param(host)
                .query(Integer.class)
                .single();
    }

    private static HostReport machine(String address, String... modes) {
        return new HostReport(
                "node-1",
                "node-1",
                address,
                address,
                List.of(modes),
                Set.of(DeploymentMode.DOCKER),
                8,
                32 * GIB,
                List.of(new HostReport.Gpu(0, "GPU-1", "NVIDIA H100", 80 * GIB)),
                Map.of("os", "Debian"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({DatabaseConfiguration.class, DatabaseHosts.class})
    static class Rows {}
}
