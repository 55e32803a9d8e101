package io.remotegpu.activities.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.activities.testing.InstallationTest;
import io.remotegpu.activities.testing.RawHistory;
import io.remotegpu.activities.testing.Specs;
import io.remotegpu.db.environment.DeploymentInputs;
import io.remotegpu.db.environment.KeptLogs;
import io.remotegpu.drivers.simulated.DriverCall;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.spi.ErrorKind;
import io.remotegpu.workflows.environment.EnvironmentWorkflows;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever may look into Temporal learns nothing that opens an environment. */
class SecretsStayOutOfHistoryIT extends InstallationTest {

    private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKeyOfAliceThatNobodyElseSees alice@laptop";

    @ParameterizedTest
    @EnumSource(EnvironmentType.class)
    void noSecretIsInAnyEventOfItsHistory(EnvironmentType type) {
        installation.host(HOST, 1);
        installation
                .jdbc()
                .sql(
                        "INSERT INTO ssh_keys (user_id, name, key_type, public_key, fingerprint) VALUES (?, 'k', 't', ?, 'f')")
                .params(installation.user(), KEY)
                .update();
        // What fails is told with care, too.
        installation.engineFaults(HOST).failAfter(DriverCall.DEPLOY, ErrorKind.OUTCOME_UNKNOWN, 1);

        operations.create(installation.user(), id, Specs.of("train", type, 1));
        awaitEnd();

        var credentials = installation.driver(HOST).running(id).orElseThrow().credentials();
        assertThat(credentials)
                .isEqualTo(installation.bean(DeploymentInputs.class).credentials(id));
        var secrets = new ArrayList<>(credentials.authorizedKeys());
        if (credentials.jupyterToken() != null) {
            secrets.add(credentials.jupyterToken());
        }
        if (credentials.password() != null) {
            secrets.add(credentials.password());
        }
        var history = history(EnvironmentWorkflows.workflowId(id));
        assertThat(history).contains("train", "alice").doesNotContain(secrets);
        assertThat(secrets).contains(KEY);
    }

    @Test
    void noLineOfALogIsInAnyEventOfItsHistory() {
        installation.host(HOST, 1);
        running();

        operations.captureLog(id, HOST);

        var lines = installation.driver(HOST).logs(id, 1000);
        assertThat(lines).isNotEmpty();
        assertThat(installation.bean(KeptLogs.class).find(id).orElseThrow().lines())
                .isEqualTo(lines);
        assertThat(history(EnvironmentWorkflows.logWorkflowId(id)))
                .contains(id.toString())
                .doesNotContain(lines);
    }

    private static String history(String workflowId) {
        return RawHistory.of(installation.client(), workflowId).text();
    }
}
