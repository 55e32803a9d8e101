package io.remotegpu.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** What engines carry under our name, asked behind the server's back. */
interface Carried {

    /** Each environment of which there is anything, and whether it runs. */
    Map<String, Boolean> environments() throws IOException, InterruptedException;

    /** Simulated engines keep it in a folder each. */
    static Carried inFolder(Path folder) {
        return () -> {
            var found = new TreeMap<String, Boolean>();
            try (var hosts = Files.newDirectoryStream(folder, "sim-*")) {
                for (Path host : hosts) {
                    try (var files = Files.newDirectoryStream(host, "*-*-*-*-????????????")) {
                        for (Path file : files) {
                            var text = new Properties();
                            try (var reader = Files.newBufferedReader(file)) {
                                text.load(reader);
                            }
                            boolean runs = Boolean.parseBoolean(text.getProperty("started"));
                            found.merge(file.getFileName().toString(), runs, Boolean::logicalOr);
                        }
                    }
                }
            }
            return found;
        };
    }
}
