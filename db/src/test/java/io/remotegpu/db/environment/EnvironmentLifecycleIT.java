package io.remotegpu.db.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.Specs;
import io.remotegpu.drivers.spi.EnvironmentStatus;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.OperationKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;

class EnvironmentLifecycleIT extends DatabaseTest {

    @Autowired
    private OperationRepository operations;

    @Autowired
    private EnvironmentEventRepository events;

    @Autowired
    private EnvironmentSecrets secrets;

    @Autowired
    private DeploymentInputs inputs;

    @Autowired
    private KeptLogs logs;

    private long user;

    @BeforeEach
    void aUserAndAHost() {
        user = user("ann");
        host("host-1", 4);
    }

    @Test
    void createWritesTheSpecDownAsItWasAskedFor() {
        var spec = Specs.full("train-1", "host-1");

        var id = created(user, spec);

        var environment = environments.findById(id).orElseThrow();
        assertThat(environment.spec()).isEqualTo(spec);
        assertThat(environment.status()).isEqualTo(EnvironmentStatus.CREATING);
        assertThat(environment.hasData()).isFalse();
        assertThat(environments.ownerOf(id)).contains("ann");
        assertThat(operations.open(id).orElseThrow())
                .extracting(Operation::kind, Operation::step, Operation::requestedBy)
                .containsExactly(OperationKind.CREATE, "admit", "tester");
    }

    @Test
    void createTwiceIsCreateOnce() {
        var create = new NewEnvironment(
                UUID.randomUUID(), user, "ann", "op", Specs.spec("a", EnvironmentType.DESKTOP, 0), "f");

        twice(() -> lifecycle.create(create));
    }

    @Test
    void createOfAnIdThatAnotherOperationMadeTellsItsFingerprint() {
        var id = UUID.randomUUID();
        lifecycle.create(new NewEnvironment(id, user, "ann", "op-1", Specs.terminal("a", 0), "first"));
        var before = rows();

        assertThatThrownBy(() ->
                        lifecycle.create(new NewEnvironment(id, user, "ann", "op-2", Specs.terminal("b", 0), "second")))
                .isInstanceOfSatisfying(
                        EnvironmentExistsException.class,
                        exists -> assertThat(exists.requestFingerprint()).isEqualTo("first"));
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void aNameIsTakenInAnyCaseByTheSameUserOnly() {
        created(user, Specs.terminal("Work", 0));

        assertThatThrownBy(() -> created(user, Specs.terminal("work", 0)))
                .isInstanceOf(NameTakenException.class)
                .hasMessageContaining("'work'");
        created(user("bob"), Specs.terminal("work", 0));
    }

    @Test
    void theNameOfADeletedEnvironmentIsFree() {
        var id = running(user, Specs.terminal("work", 0));
        delete(id);

        created(user, Specs.terminal("work", 0));
    }

    @ParameterizedTest
    @EnumSource(EnvironmentType.class)
    void secretsAreWhatTheTypesServicesNeed(EnvironmentType type) {
        var id = created(user, Specs.spec("a", type, 0));

        var token = secrets.read(id, EnvironmentSecrets.JUPYTER_TOKEN);
        var password = secrets.read(id, EnvironmentSecrets.PASSWORD);
        assertThat(token.isPresent()).isEqualTo(type == EnvironmentType.IDE);
        assertThat(password.isPresent()).isEqualTo(type == EnvironmentType.DESKTOP);
        token.ifPresent(value -> assertThat(value).matches("[0-9a-f]{48}"));
        password.ifPresent(value -> assertThat(value).matches("[a-zA-Z2-9&&[^lIOio]]{8}"));
    }

    @Test
    void secretsAreNotReadableInTheRows() {
        var id = created(user, Specs.spec("a", EnvironmentType.IDE, 0));
        var token = secrets.read(id, EnvironmentSecrets.JUPYTER_TOKEN).orElseThrow();

        assertThat(rows().toString()).doesNotContain(token);
    }

    @Test
    void credentialsAreTheOwnersKeysAndTheGeneratedSecrets() {
        jdbc.sql("""
                        INSERT INTO ssh_keys (user_id, name, key_type, public_key, fingerprint)
                        VALUES (?, 'laptop', 'ssh-ed25519', 'ssh-ed25519 AAAA laptop', 'f')""").param(user).update();
        var id = created(user, Specs.spec("a", EnvironmentType.IDE, 0));

        var credentials = inputs.credentials(id);

        assertThat(credentials.authorizedKeys()).containsExactly("ssh-ed25519 AAAA laptop");
        assertThat(credentials.jupyterToken()).hasSize(48);
        assertThat(credentials.password()).isNull();
    }

    @Test
    void withdrawLeavesNothingOfARefusedCreate() {
        var before = rows();
        var id = created(user, Specs.spec("a", EnvironmentType.IDE, 2));
        reservations.reserve(id);
        allocations.allocate(id, Set.of());
        ports.lease(id);

        twice(() -> lifecycle.withdraw(id, "create-" + id));

        assertThat(rows().tables().get("environments")).isEmpty();
        assertThat(count("gpus WHERE allocated_to IS NOT NULL OR status <> 'available'"))
                .isZero();
        // What it held for a moment is in the log; nothing is held any more.
        assertThat(count("holding_log WHERE held_to IS NULL")).isZero();
        assertThat(rows().tables().keySet().stream()
                        .filter(table -> !Set.of("gpus", "hosts", "holding_log").contains(table)))
                .allSatisfy(table -> assertThat(rows().tables().get(table))
                        .isEqualTo(before.tables().get(table)));
        assertNothingViolated();
    }

    @Test
    void withdrawDoesNothingToAnEnvironmentOfAnotherOperationOrOneThatWasDeployed() {
        var other = created(user, Specs.terminal("a", 0));
        lifecycle.withdraw(other, "somebody-else");
        lifecycle.withdraw(UUID.randomUUID(), "nobody");
        assertThat(environments.findById(other)).isPresent();

        lifecycle.succeed(other, "create-" + other, EnvironmentStatus.RUNNING);
        lifecycle.withdraw(other, "create-" + other);
        assertThat(environments.findById(other)).isPresent();
    }

    @Test
    void stopStartAndDeleteAreBegunOnceEach() {
        var id = running(user, Specs.terminal("a", 1));

        twice(() -> lifecycle.begin(id, "stop", OperationKind.STOP, "ann"));
        assertThat(status(id)).isEqualTo(EnvironmentStatus.STOPPING);
        lifecycle.succeed(id, "stop", EnvironmentStatus.STOPPED);

        twice(() -> lifecycle.begin(id, "start", OperationKind.START, "ann"));
        assertThat(status(id)).isEqualTo(EnvironmentStatus.STARTING);
        lifecycle.succeed(id, "start", EnvironmentStatus.RUNNING);

        twice(() -> lifecycle.begin(id, "delete", OperationKind.DELETE, "ann"));
        assertThat(status(id)).isEqualTo(EnvironmentStatus.DELETING);
    }

    @Test
    void aBeginThatComesAgainAfterItsOperationEndedChangesNothing() {
        var id = stopped(user, Specs.terminal("a", 0));
        lifecycle.begin(id, "start", OperationKind.START, "ann");
        lifecycle.succeed(id, "start", EnvironmentStatus.RUNNING);
        var before = rows();

        var environment = lifecycle.begin(id, "start", OperationKind.START, "ann");

        assertThat(environment.status()).isEqualTo(EnvironmentStatus.RUNNING);
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void beginSaysWhatRunsAndWhatToDo() {
        var id = running(user, Specs.terminal("a", 0));
        lifecycle.begin(id, "stop", OperationKind.STOP, "ann");
        var before = rows();

        assertThatThrownBy(() -> lifecycle.begin(id, "delete", OperationKind.DELETE, "ann"))
                .isInstanceOfSatisfying(InvalidStateException.class, refusal -> {
                    assertThat(refusal.status()).isEqualTo(EnvironmentStatus.STOPPING);
                    assertThat(refusal.running()).isEqualTo(OperationKind.STOP);
                })
                .hasMessage("environment 'a' is stopping; its stop (asked for by ann) has not ended: "
                        + "wait for it, then delete");
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void beginRefusesWhatTheStatusDoesNotAllow() {
        var running = running(user, Specs.terminal("a", 0));
        var stopped = stopped(user, Specs.terminal("b", 0));

        assertThatThrownBy(() -> lifecycle.begin(running, "x", OperationKind.START, "ann"))
                .isInstanceOf(InvalidStateException.class)
                .hasMessageContaining("is running");
        assertThatThrownBy(() -> lifecycle.begin(stopped, "x", OperationKind.STOP, "ann"))
                .isInstanceOf(InvalidStateException.class)
                .hasMessageContaining("is stopped");
        assertThatThrownBy(() -> lifecycle.begin(UUID.randomUUID(), "x", OperationKind.STOP, "ann"))
                .isInstanceOf(EnvironmentNotFoundException.class);
        delete(running);
        assertThatThrownBy(() -> lifecycle.begin(running, "x", OperationKind.START, "ann"))
                .isInstanceOf(EnvironmentNotFoundException.class);
    }

    @Test
    void aFailedEnvironmentStartsAndStopsOnlyWhereItsDataIs() {
        var withoutData = failedCreate("a");
        var withData = stopped(user, Specs.terminal("b", 0));
        lifecycle.begin(withData, "start", OperationKind.START, "ann");
        lifecycle.fail(withData, "start", "not_ready", "it did not answer", List.of("the deployment"));
        lifecycle.settle(withData, "start");

        for (var kind : List.of(OperationKind.START, OperationKind.STOP)) {
            assertThatThrownBy(() -> lifecycle.begin(withoutData, "again", kind, "ann"))
                    .isInstanceOf(InvalidStateException.class)
                    .hasMessageContaining("delete it and create it again");
        }
        assertThat(lifecycle
                        .begin(withData, "again", OperationKind.START, "ann")
                        .status())
                .isEqualTo(EnvironmentStatus.STARTING);
    }

    @Test
    void anAbandonedStartNeverHappened() {
        var id = stopped(user, Specs.terminal("a", 0));
        var before = withoutUpdate(id);
        var eventsBefore = events.after(id, 0, 100);

        lifecycle.begin(id, "start", OperationKind.START, "ann");
        twice(() -> lifecycle.abandonStart(id, "start"));

        assertThat(withoutUpdate(id)).isEqualTo(before);
        assertThat(events.after(id, 0, 100)).isEqualTo(eventsBefore);
        assertThat(operations.findById("start")).isEmpty();
    }

    @Test
    void anAbandonedStartOfAFailedEnvironmentLeavesItFailedForItsOldReason() {
        var id = stopped(user, Specs.terminal("a", 0));
        lifecycle.begin(id, "start-1", OperationKind.START, "ann");
        lifecycle.fail(id, "start-1", "not_ready", "it did not answer", List.of());
        lifecycle.begin(id, "start-2", OperationKind.START, "ann");

        twice(() -> lifecycle.abandonStart(id, "start-2"));

        assertThat(environments.findById(id).orElseThrow())
                .extracting(Environment::status, Environment::failureCode, Environment::failureReason)
                .containsExactly(EnvironmentStatus.FAILED, "not_ready", "it did not answer");
    }

    @Test
    void abandonStartLeavesAnotherOperationAlone() {
        var id = stopped(user, Specs.terminal("a", 0));
        lifecycle.begin(id, "delete", OperationKind.DELETE, "ann");
        var before = rows();

        lifecycle.abandonStart(id, "delete");
        lifecycle.abandonStart(id, "start");
        lifecycle.abandonStart(UUID.randomUUID(), "start");

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void enterTellsTheStepOnce() {
        var id = created(user, Specs.terminal("a", 0));

        twice(() -> lifecycle.enter(id, "create-" + id, "deploy"));

        assertThat(operations.open(id).orElseThrow().step()).isEqualTo("deploy");
        assertThat(events.after(id, 0, 100))
                .extracting(EnvironmentEvent::step, EnvironmentEvent::outcome)
                .endsWith(org.assertj.core.groups.Tuple.tuple("deploy", EventOutcome.STARTED));
        lifecycle.enter(UUID.randomUUID(), "nothing", "deploy");
    }

    @Test
    void fromRunningOnTheDataIsOnTheHost() {
        var id = created(user, Specs.terminal("a", 0));
        lifecycle.enter(id, "create-" + id, "deploy");
        assertThat(environments.findById(id).orElseThrow().hasData()).isFalse();

        lifecycle.succeed(id, "create-" + id, EnvironmentStatus.RUNNING);
        assertThat(environments.findById(id).orElseThrow().hasData()).isTrue();
    }

    @Test
    void successIsToldOnceAndClearsTheFailureBefore() {
        var id = stopped(user, Specs.terminal("a", 0));
        lifecycle.begin(id, "start-1", OperationKind.START, "ann");
        lifecycle.fail(id, "start-1", "x", "y", List.of());
        lifecycle.begin(id, "start-2", OperationKind.START, "ann");

        twice(() -> lifecycle.succeed(id, "start-2", EnvironmentStatus.RUNNING));

        var environment = environments.findById(id).orElseThrow();
        assertThat(environment.status()).isEqualTo(EnvironmentStatus.RUNNING);
        assertThat(environment.failureReason()).isNull();
        assertThat(environment.startedAt()).isNotNull();
        assertThat(operations.open(id)).isEmpty();
        assertThat(operations.last(id).orElseThrow().outcome()).isEqualTo(OperationOutcome.SUCCEEDED);
    }

    @Test
    void aDeletedEnvironmentHasNoSecretsAndStaysAsHistory() {
        var id = running(user, Specs.spec("a", EnvironmentType.IDE, 1));

        delete(id);

        assertThat(secrets.read(id, EnvironmentSecrets.JUPYTER_TOKEN)).isEmpty();
        var environment = environments.findById(id).orElseThrow();
        assertThat(environment.status()).isEqualTo(EnvironmentStatus.DELETED);
        assertThat(environment.deletedAt()).isNotNull();
        assertThat(environment.hostId()).isEqualTo("host-1");
        assertNothingViolated();
    }

    @Test
    void aFailureStaysOpenUntilEverythingIsGivenBack() {
        var id = created(user, Specs.terminal("a", 0));
        allocations.allocate(id, Set.of());
        lifecycle.enter(id, "create-" + id, "deploy");

        twice(() -> lifecycle.fail(id, "create-" + id, "image_not_found", "no such image", List.of("ports", "quota")));
        assertThat(operations.open(id)).isPresent();
        assertThat(environments.findById(id).orElseThrow())
                .extracting(Environment::status, Environment::failureReason, Environment::unreturned)
                .containsExactly(EnvironmentStatus.FAILED, "no such image", List.of("ports", "quota"));

        allocations.release(id);
        twice(() -> lifecycle.settle(id, "create-" + id));
        assertThat(operations.open(id)).isEmpty();
        var environment = environments.findById(id).orElseThrow();
        assertThat(environment.unreturned()).isEmpty();
        assertThat(environment.hasData()).isFalse();
        assertThat(environment.hostId()).isNull();
        assertThat(environment.failureReason()).isEqualTo("no such image");
        assertThat(events.after(id, 0, 100))
                .extracting(EnvironmentEvent::outcome)
                .containsExactly(EventOutcome.STARTED, EventOutcome.STARTED, EventOutcome.FAILED, EventOutcome.UNDONE);
    }

    @Test
    void aFailureWithNothingToReturnIsClosedAtOnceAndTheDataMayGoLater() {
        var id = created(user, Specs.terminal("a", 0));
        lifecycle.enter(id, "create-" + id, "deploy");

        twice(() -> lifecycle.fail(id, "create-" + id, "x", "y", List.of()));
        assertThat(operations.open(id)).isEmpty();
        twice(() -> lifecycle.settle(id, "create-" + id, true));

        assertThat(environments.findById(id).orElseThrow().hasData()).isFalse();
    }

    @Test
    void aFailedStartKeepsItsDataAndItsHost() {
        var id = stopped(user, Specs.terminal("a", 0));
        lifecycle.begin(id, "start", OperationKind.START, "ann");
        lifecycle.fail(id, "start", "x", "y", List.of("host and GPUs"));

        twice(() -> lifecycle.settle(id, "start"));

        var environment = environments.findById(id).orElseThrow();
        assertThat(environment.hasData()).isTrue();
        assertThat(environment.hostId()).isEqualTo("host-1");
    }

    @Test
    void callsOfAnOperationThatEndedChangeNothing() {
        var id = created(user, Specs.terminal("a", 0));
        var operation = "create-" + id;
        lifecycle.fail(id, operation, "x", "y", List.of());
        lifecycle.settle(id, operation);
        lifecycle.begin(id, "delete", OperationKind.DELETE, "ann");
        var before = rows();

        lifecycle.withdraw(id, operation);
        lifecycle.enter(id, operation, "deploy");
        lifecycle.succeed(id, operation, EnvironmentStatus.RUNNING);
        lifecycle.fail(id, operation, "z", "z", List.of("z"));
        lifecycle.settle(id, operation);

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void anExtensionIsNeverShortenedAndForARunningEnvironmentOnly() {
        var id = running(user, Specs.terminal("a", 0));

        wishes.extend(id, Duration.ofHours(8));
        var until = environments.findById(id).orElseThrow().extendedUntil();
        wishes.extend(id, Duration.ofHours(1));

        assertThat(until).isAfter(Instant.now().plus(Duration.ofHours(7)));
        assertThat(environments.findById(id).orElseThrow().extendedUntil()).isEqualTo(until);
        var stopped = stopped(user, Specs.terminal("b", 0));
        assertThatThrownBy(() -> wishes.extend(stopped, Duration.ofHours(1)))
                .isInstanceOf(InvalidStateException.class)
                .hasMessageContaining("is stopped");
        assertThatThrownBy(() -> wishes.extend(UUID.randomUUID(), Duration.ofHours(1)))
                .isInstanceOf(EnvironmentNotFoundException.class);
    }

    @Test
    void aLogIsKeptEncryptedUntilTheNextAndGoneWithItsEnvironment() {
        var id = running(user, Specs.terminal("a", 0));
        logs.keep(id, List.of("one", "token=geheim"));
        logs.keep(id, List.of("zwei ä", "", "token=geheim"));

        var log = logs.find(id).orElseThrow();
        assertThat(log.lines()).containsExactly("zwei ä", "", "token=geheim");
        assertThat(log.tail(1)).containsExactly("token=geheim");
        assertThat(logs.findNewerThan(id, Duration.ofMinutes(1))).contains(log);
        assertThat(logs.findNewerThan(id, Duration.ZERO)).isEmpty();
        assertThat(rows().toString())
                .doesNotContain("geheim")
                .doesNotContain(HexFormat.of().formatHex("geheim".getBytes(StandardCharsets.UTF_8)));

        delete(id);
        assertThat(logs.find(id)).isEmpty();
        logs.keep(id, List.of("late"));
        assertThat(logs.find(id)).isEmpty();
    }

    @Test
    void anEmptyLogIsALogWithoutLines() {
        var id = running(user, Specs.terminal("a", 0));
        logs.keep(id, List.of());
        assertThat(logs.find(id).orElseThrow().lines()).isEmpty();
    }

    private UUID failedCreate(String name) {
        var id = created(user, Specs.terminal(name, 0));
        lifecycle.fail(id, "create-" + id, "x", "y", List.of());
        lifecycle.settle(id, "create-" + id);
        return id;
    }

    private void delete(UUID id) {
        lifecycle.begin(id, "delete-" + id, OperationKind.DELETE, "tester");
        ports.release(id);
        allocations.release(id);
        reservations.release(id);
        twice(() -> lifecycle.succeed(id, "delete-" + id, EnvironmentStatus.DELETED));
    }

    private String withoutUpdate(UUID id) {
        return jdbc.sql("SELECT (to_jsonb(e) - 'updated_at')::text FROM environments e WHERE id = ?")
                .param(id)
                .query(String.class)
                .single();
    }
}
