package io.remotegpu.db.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.DatabaseTest;
import io.remotegpu.db.user.UserAccounts.LastAdminException;
import io.remotegpu.db.user.UserAccounts.Registered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class UserAccountsIT extends DatabaseTest {

    @Autowired
    private UserAccounts accounts;

    @Autowired
    private Users users;

    @Test
    void ofManyWhoRegisterAtOnceExactlyOneIsTheFirst() throws Exception {
        var answers = atOnce(IntStream.range(0, 64)
                .<Callable<Registered>>mapToObj(i -> () -> accounts.register(newUser("user" + i), true))
                .toList());

        for (var answer : answers) {
            assertThat(answer.get()).isEqualTo(Registered.DONE);
        }
        assertThat(count("users")).isEqualTo(64);
        assertThat(count("users WHERE role = 'admin'")).isEqualTo(1);
    }

    @Test
    void nobodyBecomesAdminByBeingFirstWhereAnAdminIsPreset() {
        accounts.register(newUser("alice"), false);
        assertThat(accounts.registerAdmin(newUser("root"))).isEqualTo(Registered.DONE);
        assertThat(accounts.registerAdmin(newUser("ROOT"))).isEqualTo(Registered.USERNAME_TAKEN);

        assertThat(users.findByUsername("ALICE").orElseThrow().admin()).isFalse();
        assertThat(users.findByUsername("Root").orElseThrow().admin()).isTrue();
    }

    @Test
    void ofManyWhoTakeOneNameAtOnceExactlyOneGetsIt() throws Exception {
        var answers = atOnce(IntStream.range(0, 16)
                .<Callable<Registered>>mapToObj(i -> () -> accounts.register(
                        new NewUser(i % 2 == 0 ? "Same" : "same", "u" + i + "@example.com", "x"), false))
                .toList());

        var done = new ArrayList<Registered>();
        for (var answer : answers) {
            done.add(answer.get());
        }
        assertThat(done).containsOnlyOnce(Registered.DONE).contains(Registered.USERNAME_TAKEN);
    }

    @Test
    void adminsWhoDemoteEachOtherAtOnceLeaveOne() throws Exception {
        for (int round = 0; round < 10; round++) {
            accounts.registerAdmin(newUser("a" + round));
            accounts.registerAdmin(newUser("b" + round));
            var a = users.findByUsername("a" + round).orElseThrow().id();
            var b = users.findByUsername("b" + round).orElseThrow().id();

            var answers = atOnce(List.<Callable<Boolean>>of(
                    () -> accounts.changeRole(a, Role.USER).isPresent(),
                    () -> accounts.deactivate(b, Instant.now(), true).isPresent()));

            var refused = 0;
            for (var answer : answers) {
                try {
                    answer.get();
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).isInstanceOf(LastAdminException.class);
                    refused++;
                }
            }
            assertThat(refused).isEqualTo(1);
            assertThat(count("users WHERE role = 'admin' AND status = 'active'"))
                    .isEqualTo(1);
            jdbc.sql("DELETE FROM users").update();
        }
    }

    @Test
    void theOnlyAdminCanDoAnythingButStopBeingOne() {
        accounts.register(newUser("root"), true);
        var id = users.findByUsername("root").orElseThrow().id();

        assertThatThrownBy(() -> accounts.changeRole(id, Role.USER)).isInstanceOf(LastAdminException.class);
        assertThatThrownBy(() -> accounts.deactivate(id, Instant.now(), true)).isInstanceOf(LastAdminException.class);
        assertThat(accounts.changeRole(id, Role.ADMIN)).isPresent();
        assertThat(accounts.changeRole(-1, Role.USER)).isEmpty();
        assertThat(users.changePassword(id, "y", Instant.now())).isEqualTo(1);
    }

    private static NewUser newUser(String name) {
        return new NewUser(name, name.toLowerCase(Locale.ROOT) + "@example.com", "x");
    }

    private static <T> List<Future<T>> atOnce(List<Callable<T>> calls) throws InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAll(calls);
        }
    }
}
