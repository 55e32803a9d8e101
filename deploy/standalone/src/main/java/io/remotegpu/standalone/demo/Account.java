package io.remotegpu.standalone.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/**
 * The demo's user. The first user of an installation is its admin, and that may be this one: so its password is random and
 * kept for the owner's eyes only.
 */
record Account(String name, String password) {

    /** The one that the file names; made anew when there is none. */
    static Account keptIn(Path file) throws IOException {
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() == 2) {
                return new Account(lines.getFirst(), lines.getLast());
            }
        }
        var account = new Account("demo-" + random(3), random(16));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, account.name + "\n" + account.password + "\n", StandardOpenOption.WRITE);
        return account;
    }

    String email() {
        return name + "@example.com";
    }

    static String random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
