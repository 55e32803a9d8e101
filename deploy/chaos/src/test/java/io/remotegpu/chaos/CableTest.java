package io.remotegpu.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CableTest {

    /** Short, for what must not arrive. */
    private static final int A_WHILE = 150;

    private static final int LONG = 20_000;

    private final ServerSocket service = service();
    private final Cable cable = new Cable("127.0.0.1", () -> "127.0.0.1:" + service.getLocalPort());

    @AfterEach
    void close() throws IOException {
        cable.close();
        service.close();
    }

    @Test
    void whatIsSentArrivesAndIsAnswered() throws IOException {
        try (var connection = connect()) {
            assertThat(echo(connection, 7)).isEqualTo(7);
        }
    }

    @Test
    void whatWasSentInSilenceArrivesWhenItIsMended() throws IOException {
        try (var connection = connect()) {
            assertThat(echo(connection, 1)).isEqualTo(1);

            cable.cut(Cable.Cut.SILENT);
            connection.setSoTimeout(A_WHILE);
            assertThatThrownBy(() -> echo(connection, 2)).isInstanceOf(SocketTimeoutException.class);
            cable.mend();

            connection.setSoTimeout(LONG);
            assertThat(connection.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void whatIsTornIsResetAndNobodyConnectsUntilItIsMended() throws IOException {
        try (var connection = connect()) {
            assertThat(echo(connection, 1)).isEqualTo(1);

            cable.cut(Cable.Cut.TORN);

            assertThatThrownBy(() -> gone(connection)).isInstanceOf(IOException.class);
            try (var refused = connect()) {
                assertThatThrownBy(() -> gone(refused)).isInstanceOf(IOException.class);
            }
        }
        cable.mend();
        try (var again = connect()) {
            assertThat(echo(again, 3)).isEqualTo(3);
        }
    }

    @Test
    void whatWasSilentCanBeResetWhenItIsMended() throws IOException {
        try (var connection = connect()) {
            assertThat(echo(connection, 1)).isEqualTo(1);

            cable.cut(Cable.Cut.SILENT_THEN_TORN);
            cable.mend();

            assertThatThrownBy(() -> gone(connection)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whatIsForgottenStaysSilentAndOnlyNewConnectionsWork() throws IOException {
        try (var connection = connect()) {
            assertThat(echo(connection, 1)).isEqualTo(1);

            cable.cut(Cable.Cut.FORGOTTEN);
            cable.mend();

            connection.setSoTimeout(A_WHILE);
            assertThatThrownBy(() -> echo(connection, 2)).isInstanceOf(SocketTimeoutException.class);
            try (var again = connect()) {
                assertThat(echo(again, 3)).isEqualTo(3);
            }
        }
    }

    private Socket connect() throws IOException {
        String[] address = cable.address().split(":");
        var socket = new Socket(address[0], Integer.parseInt(address[1]));
        socket.setSoTimeout(LONG);
        return socket;
    }

    private static int echo(Socket connection, int number) throws IOException {
        connection.getOutputStream().write(number);
        return connection.getInputStream().read();
    }

    /** A reset, or an end without an answer. */
    private static void gone(Socket connection) throws IOException {
        if (echo(connection, 9) < 0) {
            throw new IOException("it has ended");
        }
    }

    /** Says back what it hears. */
    private static ServerSocket service() {
        try {
            var service = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        Socket connection = service.accept();
                        Thread.ofVirtual().start(() -> {
                            try (connection) {
                                connection.getInputStream().transferTo(connection.getOutputStream());
                            } catch (IOException e) {
                                // It was torn.
                            }
                        });
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            return service;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
