package io.remotegpu.drivers.libvirt;

import io.remotegpu.drivers.spi.DriverException;
import io.remotegpu.drivers.spi.ErrorKind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.Locale;

/** What it means that a file on the host could not be made, read or removed. */
final class FileErrors {

    static DriverException explain(String doing, IOException failure) {
        String message = String.valueOf(failure.getMessage());
        return new DriverException(kind(message, failure), doing + ": " + message + remedy(message, failure), failure);
    }

    static boolean full(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("no space left on device") || lower.contains("disk quota exceeded");
    }

    private static ErrorKind kind(String message, IOException failure) {
        if (full(message)) {
            return ErrorKind.NO_CAPACITY;
        }
        return failure instanceof AccessDeniedException ? ErrorKind.PERMISSION_DENIED : ErrorKind.OUTCOME_UNKNOWN;
    }

    private static String remedy(String message, IOException failure) {
        if (full(message)) {
            return "; the host's disk is full: free some of it";
        }
        return failure instanceof AccessDeniedException
                ? "; this process may not: give its user the folder of images and machines"
                : "";
    }

    private FileErrors() {}
}
