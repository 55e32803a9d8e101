package io.remotegpu.drivers.docker;

import io.remotegpu.drivers.spi.Credentials;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The credentials as a tar archive, readable by the environment's user only. Files are the one way that leaves no trace
 * in what the engine tells about a container.
 */
final class SecretFiles {

    /** Where the images look; the folder belongs to the user. */
    static final String FOLDER = "/run/remotegpu";

    private static final int USER = 1000;
    private static final int READABLE_BY_USER = 0100400;

    static byte[] tar(Credentials credentials) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            StringBuilder keys = new StringBuilder();
            credentials.authorizedKeys().forEach(key -> keys.append(key).append('\n'));
            add(tar, "authorized_keys", keys.toString());
            String token = credentials.jupyterToken();
            if (token != null) {
                add(tar, "jupyter-token", token);
            }
            String password = credentials.password();
            if (password != null) {
                add(tar, "password", password);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing an archive to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entry.setMode(READABLE_BY_USER);
        entry.setIds(USER, USER);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    private SecretFiles() {}
}
