package io.remotegpu.api.oidc;

import io.remotegpu.api.testing.Client;
import io.remotegpu.api.testing.Client.Answer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Keeps cookies by server, and follows redirects when it is told to: what a login at a provider needs of a browser. */
final class Browser {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private final Map<String, Map<String, String>> cookies = new HashMap<>();

    Answer get(URI address) {
        return send(address, HttpRequest.newBuilder(address).GET());
    }

    /** Goes on from there as somebody who logs in at the provider, until they are sent back to that server. */
    URI follow(URI address, String person, String back) {
        var next = address;
        while (!next.toString().startsWith(back)) {
            var answer = get(next);
            if (answer.status() == 200) {
                answer = post(
                        next.resolve("/login"),
                        Map.of("username", person, "password", OidcServer.PASSWORD, "_csrf", csrf(answer)));
            }
            if (answer.status() != 302) {
                throw new AssertionError(next + ": " + answer);
            }
            next = next.resolve(answer.header("Location"));
        }
        return next;
    }

    /** All that it keeps for a server, by name. */
    Map<String, String> cookies(URI server) {
        return cookies.computeIfAbsent(server.getAuthority(), _ -> new TreeMap<>());
    }

    private Answer post(URI address, Map<String, String> form) {
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(
                address,
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)));
    }

    private Answer send(URI address, HttpRequest.Builder request) {
        var kept = cookies(address);
        if (!kept.isEmpty()) {
            request.header(
                    "Cookie",
                    kept.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        // As a browser does, which also says that it would take anything.
        request.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        var answer = Client.send(request.build());
        for (var cookie : answer.http().headers().allValues("Set-Cookie")) {
            var pair = cookie.substring(0, cookie.indexOf(';')).split("=", 2);
            if (cookie.contains("Max-Age=0")) {
                kept.remove(pair[0]);
            } else {
                kept.put(pair[0], pair[1]);
            }
        }
        return answer;
    }

    private static String csrf(Answer page) {
        var found = CSRF.matcher(page.http().body());
        if (!found.find()) {
            throw new AssertionError("no login page: " + page);
        }
        return found.group(1);
    }
}
