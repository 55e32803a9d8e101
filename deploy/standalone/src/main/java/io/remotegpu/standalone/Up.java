package io.remotegpu.standalone;

import static java.util.stream.Collectors.joining;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.remotegpu.activities.host.Addresses;
import io.remotegpu.activities.host.Heartbeats;
import io.remotegpu.activities.host.HostRegistry;
import io.remotegpu.activities.host.HostReport;
import io.remotegpu.activities.host.HostRole;
import io.remotegpu.activities.host.LibvirtSettings;
import io.remotegpu.activities.host.LocalMachine;
import io.remotegpu.activities.host.ReportSource;
import io.remotegpu.activities.host.SimulatedMachine;
import io.remotegpu.standalone.child.Ports;
import io.remotegpu.standalone.postgres.EmbeddedPostgres;
import io.remotegpu.standalone.temporal.TemporalDevServer;
import io.remotegpu.temporal.TemporalSettingException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** {@code up}: PostgreSQL, Temporal, the application, this machine as a host, or one part of them; and back down in that order. */
final class Up {

    private final UpOptions options;
    private final Map<String, String> environment;
    private final Home home;
    private final FileChannel lock;
    private final Console console;
    private final Teardown teardown;
    private final Settings settings;
    private final Addresses addresses;
    private final Map<String, String> state = new LinkedHashMap<>();
    private volatile @Nullable ConfigurableApplicationContext application;

    private Up(UpOptions options, Map<String, String> environment, Home home, FileChannel lock, Console console) {
        this.options = options;
        this.environment = environment;
        this.home = home;
        this.lock = lock;
        this.console = console;
        this.teardown = new Teardown(console);
        this.addresses = Addresses.of(options.bind());
        this.settings = new Settings(options, addresses, home);
    }

    /** Returns only when the start fails, with the exit status; a running one ends by a signal. */
    static int run(UpOptions options, Map<String, String> environment) {
        var console = new Console(System.out);
        Path root = Path.of(environment.getOrDefault("REMOTEGPU_HOME", ".remotegpu"));
        try {
            Home home = Home.at(root);
            var up = new Up(options, environment, home, home.lock(), console);
            Runtime.getRuntime().addShutdownHook(new Thread(up::stop, "stop"));
            return up.start() ? up.serve() : 1;
        } catch (StartupException e) {
            console.line("\nremotegpu: " + e.getMessage());
            return 1;
        }
    }

    private boolean start() {
        try {
            // Until Spring Boot sets logging up, libraries would write to the terminal.
            ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
            if (options.part().listens()) {
                checkPort();
            }
            checkServices();
            state.put("pid", Long.toString(ProcessHandle.current().pid()));
            state.put("since", Instant.now().toString());
            phase("starting");
            startDatabase();
            startTemporal();
            startApplication();
            var welcome = new Welcome(console, state);
            if (options.part() == Part.EVERYTHING) {
                List<HostReport> hosts = registerHosts();
                phase("ready");
                welcome.print(hosts);
            } else {
                phase("ready");
                welcome.print(options.part(), home);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        } catch (Exception e) {
            if (!teardown.isRunning()) {
                console.line("\nremotegpu: " + explain(e));
            }
            return false;
        }
    }

    /** Sleeps until the signal. */
    private int serve() {
        try {
            Thread.currentThread().join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    private void stop() {
        if (application == null) {
            // What was half started complains while its database goes away; the log file has it, the terminal need not.
            System.setOut(new PrintStream(OutputStream.nullOutputStream()));
            System.setErr(System.out);
        }
        teardown.run();
        try {
            home.removeState();
            lock.close();
        } catch (IOException e) {
            console.say("Stop", "the state file stays: " + e.getMessage());
        }
    }

    private void checkPort() throws UnknownHostException {
        if (!Ports.isFree(InetAddress.getByName(addresses.bound()), options.port())) {
            throw new StartupException("Port " + options.port() + " on " + addresses.bound()
                    + " is taken by another program, or not ours to use: choose another with --port");
        }
    }

    /** Parts that are to meet must be told where. */
    private void checkServices() {
        if (!options.part().needsServices()) {
            return;
        }
        for (String variable : List.of("REMOTEGPU_DATABASE_URL", "TEMPORAL_ADDRESS")) {
            if (environment.getOrDefault(variable, "").isEmpty()) {
                throw new StartupException("--only " + options.part().word() + " wants " + variable
                        + ": all parts share one PostgreSQL and one Temporal, for example those of up --only services");
            }
        }
    }

    private void startDatabase() throws IOException, InterruptedException {
        String own = environment.getOrDefault("REMOTEGPU_DATABASE_URL", "");
        if (!own.isEmpty()) {
            settings.database(DatabaseUrl.parse(own));
            console.say("PostgreSQL", "yours, by REMOTEGPU_DATABASE_URL");
            return;
        }
        var postgres = EmbeddedPostgres.in(home.postgres(), Home.cache(environment), home.logs(), console);
        teardown.add("PostgreSQL", postgres);
        long began = System.nanoTime();
        postgres.start();
        settings.database(new DatabaseUrl(postgres.url(), EmbeddedPostgres.USER, postgres.password()));
        state.put("postgres", "127.0.0.1:" + postgres.port());
        console.say("PostgreSQL", "on 127.0.0.1:" + postgres.port() + " after " + Console.secondsSince(began));
    }

    private void startTemporal() throws IOException, InterruptedException {
        String own = environment.getOrDefault("TEMPORAL_ADDRESS", "");
        if (!own.isEmpty()) {
            settings.temporal(own);
            state.put("temporal", own);
            console.say("Temporal", "yours, on " + own + " by TEMPORAL_ADDRESS");
            return;
        }
        Path cli = Path.of(environment.getOrDefault("REMOTEGPU_TEMPORAL_CLI", "temporal"));
        var temporal = TemporalDevServer.in(cli, home.temporal(), home.logs(), console);
        teardown.add("Temporal", temporal);
        long began = System.nanoTime();
        temporal.start();
        settings.temporal(temporal.target());
        settings.temporalUi(temporal.uiOrigins());
        state.put("temporal", temporal.target());
        state.put("temporal_ui", temporal.uiUrl());
        console.say("Temporal", "on " + temporal.target() + " after " + Console.secondsSince(began));
    }

    private void startApplication() {
        Class<?> part = options.part().application();
        if (part == null) {
            return;
        }
        long began = System.nanoTime();
        String name = options.part().listens() ? "API" : "Worker";
        teardown.add(name, () -> {
            var running = application;
            if (running != null) {
                running.close();
            }
        });
        var spring = new SpringApplication(part);
        spring.setWebApplicationType(options.part().listens() ? WebApplicationType.SERVLET : WebApplicationType.NONE);
        // Ours closes it, before what it depends on.
        spring.setRegisterShutdownHook(false);
        spring.setDefaultProperties(settings.defaults());
        spring.addInitializers(settings);
        application = spring.run();
        if (!options.part().listens()) {
            console.say(name, "after " + Console.secondsSince(began));
            return;
        }
        String url = OwnCertificate.scheme(environment) + "://" + addresses.typed() + ":" + options.port();
        state.put("api", url);
        state.put("docs", url + "/docs");
        console.say(name, "on " + addresses.typed() + ":" + options.port() + " after " + Console.secondsSince(began));
    }

    private List<HostReport> registerHosts() throws IOException, InterruptedException {
        var running = application;
        if (running == null) {
            throw new IllegalStateException("hosts are registered before there is anything to register them with");
        }
        var machines = new ArrayList<ReportSource>();
        machines.add(LocalMachine.identifiedBy(
                home.root().resolve("host-id"), addresses, environment, running.getBean(LibvirtSettings.class)));
        var simulation = options.simulate();
        if (simulation != null) {
            for (int number = 1; number <= simulation.hosts(); number++) {
                machines.add(new SimulatedMachine(number, simulation.gpus()));
            }
        }
        var registry = running.getBean(HostRegistry.class);
        var role = running.getBean(HostRole.class);
        var heartbeats = new Heartbeats(
                machines.stream().map(role::guarded).toList(), registry, trouble -> console.say("Host", trouble));
        teardown.add("Heartbeats", heartbeats);
        var reports = heartbeats.start();
        reports.forEach(report -> role.serve(report.id(), report.engines()));
        registry.simulatedHosts().forEach(role::serveSimulated);
        state.put(
                "modes",
                reports.stream()
                        .flatMap(host -> host.modes().stream())
                        .distinct()
                        .collect(joining(",")));
        for (HostReport report : reports) {
            state.put("host." + report.id(), Welcome.describe(report));
        }
        return reports;
    }

    private void phase(String phase) throws IOException {
        state.put("phase", phase);
        home.writeState(state);
    }

    private String explain(Exception failure) {
        if (failure instanceof StartupException known) {
            return known.getMessage();
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            // What is around it names classes, and helps nobody who has to change a setting.
            if (cause instanceof TemporalSettingException setting) {
                return setting.getMessage();
            }
        }
        return "The application cannot start: " + failure.getMessage() + "\nThe whole story is in "
                + settings.logFile();
    }
}
