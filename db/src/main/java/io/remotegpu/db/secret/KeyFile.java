package io.remotegpu.db.secret;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** The file that keeps the key, readable by its owner alone. */
record KeyFile(Path path) {

    private static final String NAME = "installation.key";

    static KeyFile in(Path folder) {
        return new KeyFile(folder.resolve(NAME));
    }

    Optional<InstallationKey> read() {
        try {
            return Files.exists(path)
                    ? Optional.of(InstallationKey.ofBase64(Files.readString(path)))
                    : Optional.empty();
        } catch (IOException unreadable) {
            throw new InstallationKeyException("cannot read the installation key " + path, unreadable);
        }
    }

    /** A new key, or the one that another process made in the same moment; never half a file. */
    InstallationKey create() {
        var bytes = new byte[InstallationKey.LENGTH];
        new SecureRandom().nextBytes(bytes);
        try {
            var folder = path.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            var draft = Files.createTempFile(
                    folder,
                    NAME,
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(draft, Base64.getEncoder().encodeToString(bytes) + "\n");
                Files.createLink(path, draft);
            } catch (FileAlreadyExistsException madeMeanwhile) {
                return read().orElseThrow();
            } finally {
                Files.delete(draft);
            }
            return new InstallationKey(bytes);
        } catch (IOException failure) {
            throw new InstallationKeyException(
                    "cannot write the installation key to " + path
                            + ": make the folder writable, or set remotegpu.installation.key",
                    failure);
        }
    }
}
