package io.remotegpu.chaos;

import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The people of the trial, who are logged in before anything is broken. */
final class Accounts {

    private static final String PASSWORD = "chaos-and-order-1";

    private final Api admin;
    private final List<Api> users = new ArrayList<>();

    /** @param count of users; every second one with a quota that it will meet */
    Accounts(URI url, int count, long seed) throws InterruptedException {
        var anonymous = Api.at(url);
        // The first user of an installation is its admin.
        register(anonymous, "admin");
        admin = login(anonymous, "admin");
        for (int number = 1; number <= count; number++) {
            long id = register(anonymous, "user" + number);
            var user = login(anonymous, "user" + number);
            admin.expect(
                    "POST",
                    "/quotas",
                    Map.of(
                            "user_id",
                            id,
                            "cpu",
                            100,
                            "memory",
                            "1Ti",
                            "gpu",
                            number % 2 == 0 ? 4 : 16,
                            "storage",
                            "1Ti",
                            "environment_quota",
                            100));
            user.expect("POST", "/users/me/ssh-keys", Map.of("name", "chaos", "public_key", publicKey(seed + number)));
            users.add(user);
        }
    }

    Api admin() {
        return admin;
    }

    /** @param number from 1 */
    Api user(int number) {
        return users.get(number - 1);
    }

    private static long register(Api anonymous, String name) throws InterruptedException {
        return anonymous
                .expect(
                        "POST",
                        "/users/register",
                        Map.of("username", name, "email", name + "@example.com", "password", PASSWORD))
                .path("id")
                .asLong();
    }

    private static Api login(Api anonymous, String name) throws InterruptedException {
        var answer = anonymous.expect("POST", "/users/login", Map.of("username", name, "password", PASSWORD));
        return anonymous.as(answer.path("token").asString());
    }

    /** Nobody logs in with it. */
    private static String publicKey(long seed) {
        byte[] blob = new byte[4 + 11 + 4 + 32];
        new Random(seed).nextBytes(blob);
        byte[] type = {0, 0, 0, 11, 's', 's', 'h', '-', 'e', 'd', '2', '5', '5', '1', '9', 0, 0, 0, 32};
        System.arraycopy(type, 0, blob, 0, type.length);
        return "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob) + " chaos";
    }
}
