package io.remotegpu.agent;

import io.remotegpu.activities.host.Addresses;
import io.remotegpu.activities.host.Heartbeats;
import io.remotegpu.activities.host.HostReport;
import io.remotegpu.activities.host.HostRole;
import io.remotegpu.activities.host.LocalMachine;
import io.remotegpu.activities.host.SimulatedMachine;
import io.remotegpu.temporal.TemporalSettingException;
import io.remotegpu.temporal.Traces;
import io.remotegpu.temporal.TracingSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** Takes the host, reaches Temporal, reports, and carries the host's steps out until it is told to end. */
final class HostService {

    private static final long PAUSE_MILLIS = 3_000;

    private final AgentOptions options;
    private final Map<String, String> environment;
    private final Console console;
    private final Ending ending;
    private final BlockingQueue<AgentException> end = new ArrayBlockingQueue<>(1);

    /** @param environment the process's, for {@code DOCKER_HOST} */
    HostService(AgentOptions options, Map<String, String> environment, Console console, Ending ending) {
        this.options = options;
        this.environment = environment;
        this.console = console;
        this.ending = ending;
    }

    /**
     * Returns never but by one of these.
     *
     * @throws AgentException when the agent cannot start, or cannot go on
     * @throws InterruptedException when it is told to end
     */
    void run() throws InterruptedException {
        Settings settings = Settings.ofTheProcess();
        Session session = ending.with(Session.of(options.hostId(), options.state()));
        ServerClient server =
                ending.with(new ServerClient(options.server(), options.hostId(), options.token(), session.id()));
        Place place = take(server);
        ending.with(() -> release(server));
        console.say("Server", options.server() + ": this is host " + options.hostId());
        TemporalConnection temporal =
                ending.with(new TemporalConnection(options, settings.temporal(), traces(settings.tracing())));
        reach(temporal, server);
        console.say("Temporal", options.temporal() + ", namespace " + options.namespace());
        serve(settings, place, server, temporal);
        throw end.take();
    }

    private @Nullable Traces traces(TracingSettings settings) {
        if (!settings.enabled()) {
            return null;
        }
        try {
            return ending.with(new Traces(settings, "remotegpu-agent"));
        } catch (TemporalSettingException e) {
            throw new AgentException(e.getMessage(), e);
        }
    }

    private void serve(Settings settings, Place place, ServerClient server, TemporalConnection temporal)
            throws InterruptedException {
        var store = new ServerStore(server);
        var role = ending.with(new HostRole(
                temporal.client(),
                store,
                store,
                store,
                settings.worker(),
                settings.docker(),
                settings.libvirt(),
                settings.simulated(),
                place.installation()));
        var addresses = new Addresses(place.listenAddress(), place.ipAddress());
        var machine = machine(settings, addresses, temporal);
        var reports = new ServerReports(server, options.hostId(), console, end::offer);
        var heartbeats = ending.with(
                new Heartbeats(List.of(role.guarded(machine)), reports, trouble -> console.say("Host", trouble)));
        try {
            for (HostReport report : heartbeats.start()) {
                role.serve(report.id(), report.engines());
                console.line("\nThe agent serves host " + describe(report) + "; Ctrl-C ends it");
            }
        } catch (IOException e) {
            throw new AgentException("This machine cannot be looked at: " + e.getMessage(), e);
        }
    }

    private WatchedMachine machine(Settings settings, Addresses addresses, TemporalConnection temporal) {
        Integer gpus = options.simulate();
        if (gpus != null) {
            var absent = new SimulatedMachine(options.hostId(), "simulated", gpus);
            return new WatchedMachine(absent, temporal::trouble, "nowhere", console);
        }
        var local = LocalMachine.registeredAs(options.hostId(), addresses, environment, settings.libvirt());
        return new WatchedMachine(local, temporal::trouble, local.engineAddress(), console);
    }

    /** Takes the host; while the server cannot be reached, again and again. */
    private Place take(ServerClient server) throws InterruptedException {
        String said = "";
        while (true) {
            try {
                return server.take();
            } catch (RefusedException e) {
                throw e.forAgentOf(options.hostId());
            } catch (IOException e) {
                if (ending.hasBegun()) {
                    throw new InterruptedException();
                }
                String trouble = options.server() + " does not answer (" + e.getMessage() + "); trying on";
                if (!trouble.equals(said)) {
                    console.say("Server", trouble);
                    said = trouble;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** Before the first report, because with that the host is given work. Keeps the host meanwhile. */
    private void reach(TemporalConnection temporal, ServerClient server) throws InterruptedException {
        String said = "";
        for (var trouble = temporal.trouble(); trouble.isPresent(); trouble = temporal.trouble()) {
            String text = options.temporal() + " does not answer (" + trouble.get() + "); trying on";
            if (!text.equals(said)) {
                console.say("Temporal", text);
                said = text;
            }
            Thread.sleep(PAUSE_MILLIS);
            take(server);
        }
    }

    private void release(ServerClient server) {
        try {
            server.release();
        } catch (IOException | RefusedException e) {
            console.say("Server", "does not learn that this agent has ended: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String describe(HostReport report) {
        return report.id() + ": " + report.cpu() + " CPUs, " + (report.memory() >> 30) + " GiB, "
                + report.gpus().size() + " GPUs";
    }
}
