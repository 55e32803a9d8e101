package io.remotegpu.bench;

import java.nio.ByteBuffer;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/** A user of our own with room for everything, who is made inactive at the end. */
final class BenchUser implements AutoCloseable {

    private final Api admin;
    private final Api api;
    private final long id;

    private BenchUser(Api admin, Api api, long id) {
        this.admin = admin;
        this.api = api;
        this.id = id;
    }

    static BenchUser register(Api anonymous, Api admin) throws InterruptedException {
        String name = "bench-" + UUID.randomUUID().toString().substring(0, 8);
        String password = UUID.randomUUID().toString();
        long id = anonymous
                .expect(
                        "POST",
                        "/users/register",
                        Map.of("username", name, "email", name + "@example.com", "password", password))
                .path("id")
                .asLong();
        admin.expect(
                "POST",
                "/quotas",
                Map.of(
                        "user_id",
                        id,
                        "cpu",
                        100_000,
                        "memory",
                        "1000Ti",
                        "gpu",
                        10_000,
                        "storage",
                        "1000Ti",
                        "environment_quota",
                        100_000));
        var api = anonymous.loggedIn(name, password);
        api.expect("POST", "/users/me/ssh-keys", Map.of("name", "bench", "public_key", anyPublicKey()));
        return new BenchUser(admin, api, id);
    }

    Api api() {
        return api;
    }

    /** Nobody logs in with it: only the banner is read. */
    private static String anyPublicKey() {
        byte[] encoded;
        try {
            encoded = KeyPairGenerator.getInstance("Ed25519")
                    .generateKeyPair()
                    .getPublic()
                    .getEncoded();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has Ed25519", e);
        }
        byte[] key = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        byte[] type = {'s', 's', 'h', '-', 'e', 'd', '2', '5', '5', '1', '9'};
        var blob = ByteBuffer.allocate(4 + type.length + 4 + key.length)
                .putInt(type.length)
                .put(type)
                .putInt(key.length)
                .put(key);
        return "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob.array()) + " bench";
    }

    @Override
    public void close() {
        try {
            admin.send("PUT", "/users/" + id + "/status", Map.of("status", "inactive"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
