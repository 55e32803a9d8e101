package io.remotegpu.drivers.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.drivers.spi.Deployment;
import io.remotegpu.drivers.spi.DeploymentMode;
import io.remotegpu.drivers.spi.EnvironmentType;
import io.remotegpu.drivers.testkit.TestDeployments;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeedTest {

    private static final int SECTOR = 2048;

    @Test
    void itBringsKeysSecretsAndVariablesForTheUserAlone() {
        Seed seed = Seed.of(Example.ide());
        assertThat(seed.userData())
                .startsWith("#cloud-config\n")
                .contains("name: dev", "uid: 1000", file("authorized_keys", "ssh-ed25519 AAAAkey o'neill\n"))
                .contains(file("jupyter-token", "jupytersecret"), file("environment", "WANDB_MODE=offline\0"))
                .doesNotContain("/run/remotegpu/password");
        assertThat(seed.metaData()).contains("local-hostname: train-1\n");
    }

    /** A user without keys, an environment without variables: cloud-init takes a text only, and stops at a null. */
    @Test
    void whatIsEmptyIsAnEmptyTextAndNotNothing() {
        Deployment none = TestDeployments.withKeys(
                new TestDeployments(DeploymentMode.VM, "1", List.of()).of(EnvironmentType.IDE), List.of());
        assertThat(Seed.of(none).userData())
                .contains("authorized_keys\n  owner: dev:dev\n  permissions: '0400'\n  encoding: b64\n  content: ''\n")
                .doesNotContain("content: \n");
    }

    @Test
    void whateverChangesMakesAnotherInstanceForCloudInit() {
        Deployment one = Example.ide();
        Deployment sameAgain = Example.ide();
        Deployment newKeys = TestDeployments.withKeys(one, List.of("ssh-ed25519 AAAAother"));
        assertThat(Seed.of(sameAgain).metaData()).isEqualTo(Seed.of(one).metaData());
        assertThat(Seed.of(newKeys).metaData()).isNotEqualTo(Seed.of(one).metaData());
        assertThat(Seed.of(one).metaData()).startsWith("instance-id: " + one.id());
    }

    @Test
    void itDoesNotTellItsSecretsInLogs() {
        assertThat(Seed.of(Example.ide()).toString()).doesNotContain("secret=").doesNotContain("AAAA");
    }

    /** As the Linux kernel reads it: the real guests of the other tests do, too. */
    @Test
    void theDiscCarriesLabelNamesAndContents() {
        byte[] large = new byte[5000];
        Arrays.fill(large, (byte) 7);
        byte[] disc = IsoImage.of("cidata", new TreeMap<>(Map.of("meta-data", new byte[] {1, 2}, "user-data", large)));
        assertThat(new String(disc, 16 * SECTOR + 1, 5, StandardCharsets.US_ASCII))
                .isEqualTo("CD001");
        assertThat(new String(disc, 16 * SECTOR + 40, 32, StandardCharsets.US_ASCII).strip())
                .isEqualTo("cidata");
        assertThat(contentOf(disc, "META-DATA;1")).containsExactly(1, 2);
        assertThat(contentOf(disc, "USER-DATA;1")).isEqualTo(large);
        assertThat(disc.length % SECTOR).isZero();
    }

    @Test
    void aNameThatTheDiscCannotCarryIsRefused() {
        assertThatThrownBy(() -> IsoImage.of("cidata", new TreeMap<>(Map.of("a/b", new byte[0]))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a/b");
    }

    private static String file(String name, String content) {
        return "- path: /run/remotegpu/" + name
                + "\n  owner: dev:dev\n  permissions: '0400'\n  encoding: b64\n  content: "
                + Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8)) + "\n";
    }

    private static byte[] contentOf(byte[] disc, String name) {
        ByteBuffer bytes = ByteBuffer.wrap(disc).order(ByteOrder.LITTLE_ENDIAN);
        int at = 20 * SECTOR;
        while (disc[at] != 0) {
            String found = new String(disc, at + 33, disc[at + 32], StandardCharsets.US_ASCII);
            if (found.equals(name)) {
                int from = bytes.getInt(at + 2) * SECTOR;
                return Arrays.copyOfRange(disc, from, from + bytes.getInt(at + 10));
            }
            at += disc[at];
        }
        throw new AssertionError("no " + name);
    }
}
