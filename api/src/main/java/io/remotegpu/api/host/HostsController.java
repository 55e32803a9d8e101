package io.remotegpu.api.host;

import io.remotegpu.api.security.Tokens;
import io.remotegpu.api.web.AuditTrail;
import io.remotegpu.api.web.Page;
import io.remotegpu.api.web.PageRequest;
import io.remotegpu.api.web.ProblemException;
import io.remotegpu.db.gpu.GpuRepository;
import io.remotegpu.db.host.Host;
import io.remotegpu.db.host.HostEnvironments;
import io.remotegpu.db.host.HostEvents;
import io.remotegpu.db.host.HostExistsException;
import io.remotegpu.db.host.HostInUseException;
import io.remotegpu.db.host.HostRepository;
import io.remotegpu.db.host.HostStatus;
import io.remotegpu.db.host.HostStatusException;
import io.remotegpu.db.host.HostUpdate;
import io.remotegpu.db.host.Hosts;
import io.remotegpu.db.host.NewHost;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@Tag(name = "hosts")
@RestController
@RequestMapping("/api/v1/hosts")
class HostsController {

    private final HostRepository repository;
    private final Hosts hosts;
    private final GpuRepository gpus;
    private final HostEnvironments environments;
    private final HostEvents events;

    HostsController(
            HostRepository repository,
            Hosts hosts,
            GpuRepository gpus,
            HostEnvironments environments,
            HostEvents events) {
        this.repository = repository;
        this.hosts = hosts;
        this.gpus = gpus;
        this.environments = environments;
        this.events = events;
    }

    @Operation(
            summary = "Register a host (admin)",
            description = "It is pending until its agent, with the token that only this answer has, is heard from.")
    @PostMapping
    ResponseEntity<HostView> register(
            @Valid @RequestBody HostRequests.NewHostRequest request, HttpServletRequest http) {
        var portMin = request.portMin() == null ? NewHost.DEFAULT_PORT_MIN : request.portMin();
        var portMax = request.portMax() == null ? NewHost.DEFAULT_PORT_MAX : request.portMax();
        HostRequests.checkPorts(portMin, portMax);
        var token = Tokens.generate(Tokens.HOST);
        var modes = request.deploymentModes();
        var memory = request.memory();
        var host = new NewHost(
                request.id(),
                request.name(),
                request.ipAddress(),
                request.bindAddress(),
                modes == null ? Set.of() : Set.copyOf(modes),
                request.cpu() == null ? 0 : request.cpu(),
                memory == null ? 0 : memory.bytes(),
                portMin,
                portMax,
                null,
                Tokens.hash(token));
        AuditTrail.subject(http, "host/" + request.id());
        try {
            return ResponseEntity.created(URI.create("/api/v1/hosts/" + request.id()))
                    .body(HostView.of(hosts.register(host), 0, token));
        } catch (HostExistsException exists) {
            throw ProblemException.conflict(
                    "host_exists", "id", "There is a host '" + request.id() + "' already: choose another id.");
        }
    }

    @Operation(summary = "All hosts (admin)", description = "By id.")
    @GetMapping
    Page<HostView> list(@RequestParam(required = false) @Nullable HostStatus status, PageRequest page) {
        var request = org.springframework.data.domain.PageRequest.of(page.index(), page.pageSize(), Sort.by("id"));
        var found = status == null ? repository.findAll(request) : repository.findByStatus(status, request);
        return Page.of(found, page, this::view);
    }

    @Operation(summary = "One host (admin)", description = "With the environments that are on it.")
    @GetMapping("/{id}")
    HostView get(@PathVariable String id) {
        return HostView.of(find(id), gpus.ofHost(id).size(), environments.of(id), null);
    }

    @Operation(summary = "Change a host (admin)", description = "What is absent stays as it is.")
    @PutMapping("/{id}")
    HostView change(@PathVariable String id, @Valid @RequestBody HostRequests.HostChange request) {
        var host = find(id);
        HostRequests.checkPorts(
                request.portMin() == null ? host.portMin() : request.portMin(),
                request.portMax() == null ? host.portMax() : request.portMax());
        var token = Boolean.TRUE.equals(request.renewToken()) ? Tokens.generate(Tokens.HOST) : null;
        var changed = hosts.update(
                        id,
                        new HostUpdate(
                                request.name(),
                                request.ipAddress(),
                                request.bindAddress(),
                                request.portMin(),
                                request.portMax(),
                                token == null ? null : Tokens.hash(token)))
                .orElseThrow(() -> notFound(id));
        return HostView.of(changed, gpus.ofHost(id).size(), token);
    }

    @Operation(summary = "Remove a host and its GPUs (admin)", description = "Refused while environments are there.")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id) {
        find(id);
        try {
            hosts.delete(id);
        } catch (HostInUseException inUse) {
            throw ProblemException.of(HttpStatus.CONFLICT, "host_in_use", inUse.getMessage() + ".");
        }
    }

    @Operation(
            summary = "Give a host nothing new (admin)",
            description =
                    "What runs there keeps running, unless the request says that it is stopped; GET /hosts/{id} shows what"
                            + " is left. Its data stays there in any case. Said again, the newer word counts.")
    @PostMapping("/{id}/drain")
    HostView drain(
            @PathVariable String id, @Valid @RequestBody(required = false) HostRequests.@Nullable Drain request) {
        var stops = request != null && request.stops();
        return moved(id, () -> hosts.drain(id, stops));
    }

    @Operation(
            summary = "Give a host environments (again) (admin)",
            description =
                    "One that was declared lost is quarantined until it has come back and what it still carries is removed.")
    @PostMapping("/{id}/activate")
    HostView activate(@PathVariable String id) {
        return moved(id, () -> hosts.activate(id));
    }

    @Operation(
            summary = "Declare a host gone for good (admin)",
            description =
                    "Its environments fail and their data counts as gone; what they hold is given back, and what waits for"
                            + " the host ends. This cannot be taken back: should the host return, what it still carries is removed"
                            + " before it is given anything.")
    @PostMapping("/{id}/lost")
    HostView lost(@PathVariable String id) {
        return moved(id, () -> hosts.lost(id));
    }

    @Schema(name = "HostEvent")
    record EventView(
            long id,

            @Schema(
                    description = "What it was from then on, or still was",
                    allowableValues = {"pending", "active", "quarantined", "draining", "lost"})
            String status,

            @Schema(example = "nothing was heard of it for 40 s") @Nullable
            String message,

            Instant at) {

        static EventView of(HostEvents.HostEvent event) {
            return new EventView(event.id(), event.status().wireName(), event.message(), event.at());
        }
    }

    @Schema(name = "HostEvents")
    record EventsView(
            List<EventView> items,

            @Schema(description = "Give it as 'after' to get what comes next")
            long after) {}

    @Operation(summary = "What became of a host (admin)", description = "Oldest first.")
    @GetMapping("/{id}/events")
    EventsView events(
            @PathVariable String id,
            @Parameter(description = "Only events after this one") @RequestParam(defaultValue = "0") @Min(0) long after,
            @RequestParam(name = "page_size", defaultValue = "100") @Min(1) @Max(1000) int pageSize) {
        find(id);
        var items =
                events.after(id, after, pageSize).stream().map(EventView::of).toList();
        return new EventsView(items, items.isEmpty() ? after : items.getLast().id());
    }

    private HostView moved(String id, Supplier<Optional<Host>> move) {
        try {
            return view(move.get().orElseThrow(() -> notFound(id)));
        } catch (HostStatusException refused) {
            throw ProblemException.of(HttpStatus.CONFLICT, "invalid_state", refused.getMessage() + ".");
        }
    }

    private Host find(String id) {
        return repository.findById(id).orElseThrow(() -> notFound(id));
    }

    private HostView view(Host host) {
        return HostView.of(host, gpus.ofHost(host.id()).size(), null);
    }

    private static ProblemException notFound(String id) {
        return ProblemException.notFound("host", id);
    }
}
