package io.remotegpu.standalone;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A database of the operator's own, as JDBC wants it.
 *
 * @param url begins with {@code jdbc:postgresql:}
 * @param user absent when the URL carries it, or needs none
 * @param password likewise
 */
record DatabaseUrl(
        String url, @Nullable String user, @Nullable String password) {

    /** Understands {@code jdbc:postgresql://…} and the usual {@code postgres://user:password@host/database}. */
    static DatabaseUrl parse(String text) {
        if (text.startsWith("jdbc:postgresql:")) {
            return new DatabaseUrl(text, null, null);
        }
        try {
            var uri = new URI(text);
            if (!"postgres".equals(uri.getScheme()) && !"postgresql".equals(uri.getScheme()) || uri.getHost() == null) {
                throw unknown();
            }
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String jdbc = "jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query;
            if (uri.getRawUserInfo() == null) {
                return new DatabaseUrl(jdbc, null, null);
            }
            String[] parts = uri.getRawUserInfo().split(":", 2);
            return new DatabaseUrl(jdbc, decode(parts[0]), parts.length == 1 ? null : decode(parts[1]));
        } catch (URISyntaxException e) {
            throw unknown();
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Without the text itself, which may hold a password. */
    private static StartupException unknown() {
        return new StartupException(
                "REMOTEGPU_DATABASE_URL is neither jdbc:postgresql://HOST/DATABASE?user=…&password=… "
                        + "nor postgresql://USER:PASSWORD@HOST/DATABASE");
    }
}
