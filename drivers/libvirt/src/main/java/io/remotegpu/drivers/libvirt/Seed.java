package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.Credentials;
import io.remotegpu.drivers.spi.Deployment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a machine is told when it starts, as cloud-init's NoCloud source reads it
 * (https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html). The secrets are files in {@code /run/remotegpu},
 * which the guest's memory holds and its disk does not; the image's services look for them there.
 */
record Seed(String metaData, String userData) {

    private static final String LABEL = "cidata";
    private static final String FOLDER = "/run/remotegpu/";

    static Seed of(Deployment deployment) {
        String userData = userData(deployment);
        // Another instance for cloud-init whenever anything changed, so that it takes the new keys.
        String metaData = "instance-id: %s-%s\nlocal-hostname: %s\n"
                .formatted(
                        deployment.id(),
                        fingerprint(userData),
                        deployment.spec().name());
        return new Seed(metaData, userData);
    }

    byte[] asIso() {
        return IsoImage.of(
                LABEL,
                new TreeMap<>(Map.of(
                        "meta-data", metaData.getBytes(StandardCharsets.UTF_8),
                        "user-data", userData.getBytes(StandardCharsets.UTF_8))));
    }

    private static String userData(Deployment deployment) {
        Credentials credentials = deployment.credentials();
        StringBuilder text = new StringBuilder("#cloud-config\n");
        text.append("users:\n- name: dev\n  uid: 1000\n  shell: /bin/bash\n  lock_passwd: true\n");
        text.append("write_files:\n");
        StringBuilder keys = new StringBuilder();
        credentials.authorizedKeys().forEach(key -> keys.append(key).append('\n'));
        addFile(text, "authorized_keys", keys.toString());
        String token = credentials.jupyterToken();
        if (token != null) {
            addFile(text, "jupyter-token", token);
        }
        String password = credentials.password();
        if (password != null) {
            addFile(text, "password", password);
        }
        // Separated by NUL, as in /proc/<pid>/environ: values may hold quotes and newlines.
        StringBuilder environment = new StringBuilder();
        new TreeMap<>(deployment.spec().env())
                .forEach((name, value) ->
                        environment.append(name).append('=').append(value).append('\0'));
        addFile(text, "environment", environment.toString());
        return text.toString();
    }

    /** In this very form, one line a field: the small guest of the tests has no YAML parser. */
    private static void addFile(StringBuilder text, String name, String content) {
        text.append("- path: ").append(FOLDER).append(name).append('\n');
        text.append("  owner: dev:dev\n  permissions: '0400'\n  encoding: b64\n  content: ");
        // Nothing at all would be YAML's null, at which cloud-init stops, before the files that follow.
        text.append(
                        content.isEmpty()
                                ? "''"
                                : Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8)))
                .append('\n');
    }

    private static String fingerprint(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Seed[secrets withheld]";
    }
}
