package io.remotegpu.chaos;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The network between one process and one service: a port on the way, which can be cut. Thread-safe. */
final class Cable implements AutoCloseable {

    /** The ways in which networks fail. */
    enum Cut {
        /** Connections are reset, and none is made until it is mended. */
        TORN,
        /** Nothing arrives; what was sent does once it is mended. */
        SILENT,
        /** Nothing arrives, and what was connected is reset when it is mended. */
        SILENT_THEN_TORN,
        /** Nothing arrives on what was connected, ever: whoever was between has forgotten it, and tells nobody. */
        FORGOTTEN;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    private final ServerSocket entry;
    private final Supplier<String> target;
    private final List<Line> lines = new ArrayList<>();
    private boolean silent;
    private boolean torn;
    private boolean tearsWhenMended;
    private boolean closed;

    /** One connection through it. */
    private record Line(Socket near, Socket far, boolean[] forgotten) {

        void tear() {
            for (Socket socket : List.of(near, far)) {
                try {
                    // As a reset, not as an end in order.
                    socket.setSoLinger(true, 0);
                    socket.close();
                } catch (IOException e) {
                    // It has ended.
                }
            }
        }
    }

    /**
     * @param near address of this end
     * @param target {@code HOST:PORT} of the service, asked for each connection
     */
    Cable(String near, Supplier<String> target) {
        this.target = target;
        try {
            entry = new ServerSocket(0, 200, InetAddress.ofLiteral(near));
        } catch (IOException e) {
            throw new ChaosException("no port for a cable: " + e.getMessage(), e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** {@code HOST:PORT} of this end. */
    String address() {
        return entry.getInetAddress().getHostAddress() + ":" + entry.getLocalPort();
    }

    synchronized void cut(Cut cut) {
        switch (cut) {
            case TORN -> {
                torn = true;
                tearAll();
            }
            case SILENT -> silent = true;
            case SILENT_THEN_TORN -> {
                silent = true;
                tearsWhenMended = true;
            }
            case FORGOTTEN -> {
                silent = true;
                lines.forEach(line -> line.forgotten()[0] = true);
            }
        }
    }

    /** Cut for that long, and mended. */
    boolean cutFor(Cut cut, Duration length) throws InterruptedException {
        cut(cut);
        try {
            Thread.sleep(length);
        } finally {
            mend();
        }
        return true;
    }

    /** One that is whole stays so. */
    synchronized void mend() {
        if (tearsWhenMended) {
            tearAll();
        }
        silent = false;
        torn = false;
        tearsWhenMended = false;
        notifyAll();
    }

    private void tearAll() {
        lines.stream().filter(line -> !line.forgotten()[0]).toList().forEach(Line::tear);
    }

    private void accept() {
        while (true) {
            try {
                Socket near = entry.accept();
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        try {
            awaitOpen(null);
            if (isTorn()) {
                near.setSoLinger(true, 0);
                near.close();
                return;
            }
            String[] address = target.get().split(":");
            var line = new Line(near, new Socket(address[0], Integer.parseInt(address[1])), new boolean[1]);
            synchronized (this) {
                lines.add(line);
            }
            Thread.ofVirtual().start(() -> copy(line, line.near(), line.far()));
            Thread.ofVirtual().start(() -> copy(line, line.far(), line.near()));
        } catch (IOException | InterruptedException | IndexOutOfBoundsException e) {
            // The service is away: so is the connection.
            new Line(near, near, new boolean[1]).tear();
        }
    }

    private void copy(Line line, Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[16_384];
            int count = in.read(bytes);
            while (count >= 0) {
                awaitOpen(line);
                out.write(bytes, 0, count);
                count = in.read(bytes);
            }
            // An end does not arrive either.
            awaitOpen(line);
        } catch (IOException | InterruptedException e) {
            // Both directions end.
        }
        line.tear();
        synchronized (this) {
            lines.remove(line);
        }
    }

    private synchronized boolean isTorn() {
        return torn;
    }

    private synchronized void awaitOpen(@Nullable Line line) throws InterruptedException {
        while (!closed && (silent || (line != null && line.forgotten()[0]))) {
            wait();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
            List.copyOf(lines).forEach(Line::tear);
        }
        try {
            entry.close();
        } catch (IOException e) {
            throw new ChaosException("a cable cannot be taken away: " + e.getMessage(), e);
        }
    }
}
