package io.remotegpu.db.secret;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/** The file that keeps the key, readable by its owner alone. */
record KeyFile(Path path) {

    private static final String NAME = "installation.key";

    static KeyFile in(Path folder) {
        return new KeyFile(folder.resolve(NAME));
    }

    /** One in each line; none when there is no file. */
    List<InstallationKey> read() {
        try {
            if (!Files.exists(path)) {
                return List.of();
            }
            var keys = InstallationKeys.parse(Files.readString(path));
            if (keys.isEmpty()) {
                throw new InstallationKeyException(
                        "the file " + path + " has no key in it: restore it from the backup");
            }
            return keys;
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
                return read().getFirst();
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
