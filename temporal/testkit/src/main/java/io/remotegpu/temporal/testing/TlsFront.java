package io.remotegpu.temporal.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Speaks TLS before a server that does not, and lets only those through who have a certificate that it trusts. */
public final class TlsFront implements AutoCloseable {

    private final int behind;
    private final SSLServerSocket door;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** @param behind the port of the server, on this machine */
    public TlsFront(SSLContext context, int behind) throws IOException {
        this.behind = behind;
        door = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var parameters = door.getSSLParameters();
        parameters.setNeedClientAuth(true);
        parameters.setApplicationProtocols(new String[] {"h2"});
        door.setSSLParameters(parameters);
        Thread.ofVirtual().start(this::accept);
    }

    /** Where it listens, as host:port. */
    public String target() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var client = (SSLSocket) door.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                // The loop sees it.
            }
        }
    }

    private void serve(SSLSocket client) {
        open.add(client);
        try (client;
                var server = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            open.add(server);
            client.startHandshake();
            var back = Thread.ofVirtual().start(() -> carry(server, client));
            carry(client, server);
            back.join();
        } catch (IOException refused) {
            // It knows by itself.
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static void carry(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var bytes = new byte[16 * 1024];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                out.write(bytes, 0, count);
                out.flush();
            }
        } catch (IOException over) {
            // Whichever side ended it.
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (var socket : open) {
            socket.close();
        }
    }
}
