package io.remotegpu.api.environment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.remotegpu.api.security.Caller;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.environment.EnvironmentSecrets;
import io.remotegpu.db.port.Endpoint;
import io.remotegpu.db.port.PortLeases;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "environments")
@RestController
@RequestMapping("/api/v1/environments/{id}/access")
class AccessController {

    private static final String USER = "dev";

    private final OwnEnvironments own;
    private final PortLeases ports;
    private final EnvironmentSecrets secrets;

    AccessController(OwnEnvironments own, PortLeases ports, EnvironmentSecrets secrets) {
        this.own = own;
        this.ports = ports;
        this.secrets = secrets;
    }

    @Schema(name = "Access")
    record AccessView(
            @Schema(description = "True where nothing listens at these addresses, because its host is simulated")
            boolean simulated,

            @Schema(description = "Whether every service answers; until then an address may still change")
            boolean ready,

            List<ServiceView> services) {}

    @Schema(name = "ServiceAccess")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ServiceView(
            @Schema(allowableValues = {"ssh", "jupyter", "rdp", "vnc", "tensorboard"})
            String name,

            @Schema(example = "192.168.1.100") String host,
            @Schema(example = "22001") int port,

            @Schema(description = "What to open in a browser", example = "http://192.168.1.100:22002/lab?token=…")
            @Nullable
            String url,

            @Nullable String username,

            @Schema(description = "What to paste into a terminal", example = "ssh -p 22001 dev@192.168.1.100") @Nullable
            String command,

            @Schema(description = "Jupyter's token") @Nullable
            String token,

            @Schema(description = "For RDP and VNC") @Nullable
            String password) {

        @Override
        public String toString() {
            return "ServiceView[" + name + "]";
        }
    }

    @Operation(
            summary = "How to connect",
            description =
                    "For its owner only, because it has the secrets; while it runs, and already while it comes up.")
    @GetMapping
    ResponseEntity<AccessView> access(@AuthenticationPrincipal Caller caller, @PathVariable UUID id) {
        var environment = own.owned(caller, id);
        var ready = switch (environment.status()) {
            case RUNNING -> true;
            case CREATING, STARTING -> false;
            case QUEUED, STOPPING, STOPPED, DELETING, DELETED, FAILED ->
                throw ProblemException.of(
                        HttpStatus.CONFLICT,
                        "invalid_state",
                        "The environment is " + environment.status().wireName()
                                + ": it can be reached while it is running.");
        };
        var services =
                ports.endpoints(id).stream().map(endpoint -> view(id, endpoint)).toList();
        return ResponseEntity.ok()
                .body(new AccessView(environment.deploymentMode() == DeploymentMode.SIMULATED, ready, services));
    }

    private static String site(Endpoint endpoint) {
        var usual = endpoint.tls() ? 443 : 80;
        return (endpoint.tls() ? "https://" : "http://")
                + bracketed(endpoint.host())
                + (endpoint.port() == usual ? "" : ":" + endpoint.port());
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private ServiceView view(UUID id, Endpoint endpoint) {
        var name = endpoint.service().wireName();
        var host = endpoint.host();
        var port = endpoint.port();
        var address = bracketed(host) + ":" + port;
        return switch (endpoint.service()) {
            case SSH ->
                new ServiceView(name, host, port, null, USER, "ssh -p " + port + " " + USER + "@" + host, null, null);
            case JUPYTER -> {
                var token = secrets.read(id, EnvironmentSecrets.JUPYTER_TOKEN).orElse("");
                yield new ServiceView(
                        name, host, port, site(endpoint) + "/lab?token=" + token, null, null, token, null);
            }
            case RDP ->
                new ServiceView(
                        name,
                        host,
                        port,
                        null,
                        USER,
                        "xfreerdp /u:" + USER + " /v:" + address,
                        null,
                        secrets.read(id, EnvironmentSecrets.PASSWORD).orElse(null));
            case VNC ->
                new ServiceView(
                        name,
                        host,
                        port,
                        null,
                        null,
                        "vncviewer " + address.replace(":" + port, "::" + port),
                        null,
                        secrets.read(id, EnvironmentSecrets.PASSWORD).orElse(null));
            case TENSORBOARD -> new ServiceView(name, host, port, site(endpoint) + "/", null, null, null, null);
        };
    }
}
