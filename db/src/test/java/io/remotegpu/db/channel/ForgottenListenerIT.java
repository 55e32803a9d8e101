package io.remotegpu.db.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.remotegpu.db.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Who only listens sends nothing, so nothing tells it that the network has forgotten its connection. */
class ForgottenListenerIT {

    private static final Duration A_MOMENT = Duration.ofMillis(50);

    private volatile boolean forgotten;

    @Test
    void whoListensLearnsThatNobodyAnswersAnyMore() throws Exception {
        var database = TestDatabase.create();
        var address = URI.create(database.url().substring("jdbc:".length()));
        try (var between = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> relay(between, address));
            var source = new PGSimpleDataSource();
            source.setUrl(database.url().replace(":" + address.getPort() + "/", ":" + between.getLocalPort() + "/"));
            source.setUser(database.username());
            source.setPassword(database.password());
            var channels = new Channels(source);

            try (var listening = channels.listen(Channel.CAPACITY, Duration.ZERO, 1)) {
                assertThat(listening.await(A_MOMENT)).isEmpty();

                forgotten = true;

                assertThatThrownBy(() -> listening.await(A_MOMENT))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("not answered");
            }
        }
    }

    /** What is forgotten goes nowhere; nobody is told. */
    private void relay(ServerSocket between, URI address) {
        try {
            while (true) {
                Socket near = between.accept();
                Socket far = new Socket(address.getHost(), address.getPort());
                Thread.ofVirtual().start(() -> copy(near, far));
                Thread.ofVirtual().start(() -> copy(far, near));
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            byte[] bytes = new byte[8192];
            for (int count = from.getInputStream().read(bytes);
                    count >= 0;
                    count = from.getInputStream().read(bytes)) {
                if (!forgotten) {
                    to.getOutputStream().write(bytes, 0, count);
                }
            }
        } catch (IOException e) {
            // The other direction ended.
        }
    }
}
