package io.remotegpu.drivers.libvirt;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everything of one environment that lies on the host's disk: its folder's name is the environment's id. */
record MachineFolder(Path path) {

    /** QEMU runs as another user: it may pass through, but not look around. */
    private static final String PASSABLE = "rwx--x--x";

    private static final String PRIVATE = "rw-------";

    static MachineFolder of(LibvirtDriverSettings settings, UUID id) {
        return new MachineFolder(
                settings.machines().resolve(settings.installation()).resolve(id.toString()));
    }

    /** The environments that have a folder, whatever is in it. */
    static Set<UUID> all(LibvirtDriverSettings settings) {
        Set<UUID> ids = new HashSet<>();
        Path ours = settings.machines().resolve(settings.installation());
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(ours)) {
            for (Path folder : folders) {
                try {
                    ids.add(UUID.fromString(String.valueOf(folder.getFileName())));
                } catch (IllegalArgumentException e) {
                    // somebody else's file
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Set.of();
        } catch (IOException e) {
            throw FileErrors.explain("listing " + ours, e);
        }
        return ids;
    }

    Path disk() {
        return path.resolve("disk.qcow2");
    }

    Path seed() {
        return path.resolve("seed.iso");
    }

    Path console() {
        return path.resolve("console.log");
    }

    boolean exists() {
        return Files.isDirectory(path);
    }

    void create() throws IOException {
        Files.createDirectories(path);
        for (Path folder = path; folder != null && folder.getNameCount() >= path.getNameCount() - 1; ) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(PASSABLE));
            folder = folder.getParent();
        }
        if (!Files.exists(console())) {
            // Made here, so that it is ours to read: libvirt's log daemon only appends.
            Files.createFile(console(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        }
    }

    /** A file appears whole or not at all. */
    void write(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        Files.write(fresh, content);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    void delete() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
