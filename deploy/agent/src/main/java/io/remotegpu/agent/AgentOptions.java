package io.remotegpu.agent;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the agent was asked for. A flag {@code --host-id} can also be the environment variable
 * {@code REMOTEGPU_AGENT_HOST_ID}, and so on.
 *
 * @param server where the API is, without {@code /api/v1}
 * @param temporal host and port of Temporal's front end
 * @param namespace where the workflows are
 * @param tls whether Temporal is spoken to in TLS
 * @param token the host's own
 * @param state keeps the session between starts
 * @param simulate with so many GPUs a machine is served that is not there; absent for this one
 */
record AgentOptions(
        URI server,
        String temporal,
        String namespace,
        boolean tls,
        String hostId,
        String token,
        Path state,
        @Nullable Integer simulate) {

    private static final Set<String> WITH_VALUE = Set.of(
            "--server", "--temporal", "--namespace", "--host-id", "--token", "--token-file", "--state", "--simulate");
    private static final String TLS = "--temporal-tls";

    /** Throws {@link IllegalArgumentException} with words for the person who typed it. */
    static AgentOptions parse(List<String> arguments, Map<String, String> environment) {
        var given = new HashMap<String, String>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String flag = rest.next();
            if (flag.equals(TLS)) {
                given.put(flag, "true");
            } else if (!WITH_VALUE.contains(flag)) {
                throw new IllegalArgumentException("agent does not know " + flag);
            } else if (!rest.hasNext()) {
                throw new IllegalArgumentException(flag + " wants a value");
            } else {
                given.put(flag, rest.next());
            }
        }
        return of(new Values(given, environment));
    }

    private static AgentOptions of(Values values) {
        String home = values.environment().getOrDefault("REMOTEGPU_HOME", ".remotegpu");
        return new AgentOptions(
                url(values.required("--server", "where the API is, for example https://remotegpu.example.com")),
                address(values.required("--temporal", "where Temporal is, for example temporal.example.com:7233")),
                values.optional("--namespace", "default"),
                Boolean.parseBoolean(values.optional(TLS, "false")),
                hostId(values.required("--host-id", "under which id this machine is registered (POST /api/v1/hosts)")),
                token(values),
                Path.of(values.optional("--state", home + "/agent")),
                simulated(values.optional("--simulate", "")));
    }

    private record Values(Map<String, String> given, Map<String, String> environment) {

        String optional(String flag, String otherwise) {
            String variable =
                    "REMOTEGPU_AGENT_" + flag.substring(2).replace('-', '_').toUpperCase(java.util.Locale.ROOT);
            String value = given.getOrDefault(flag, environment.getOrDefault(variable, ""));
            return value.isBlank() ? otherwise : value.strip();
        }

        String required(String flag, String meaning) {
            String value = optional(flag, "");
            if (value.isEmpty()) {
                throw new IllegalArgumentException("agent wants " + flag + ": " + meaning);
            }
            return value;
        }
    }

    private static @Nullable Integer simulated(String text) {
        if (text.isEmpty()) {
            return null;
        }
        if (!text.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("--simulate wants a number of GPUs, at most 999; it got " + text);
        }
        return Integer.valueOf(text);
    }

    private static String token(Values values) {
        String file = values.optional("--token-file", "");
        String token = file.isEmpty()
                ? values.required("--token", "the host's own, which its registration showed (or --token-file)")
                : read(Path.of(file));
        if (!token.matches("rgph_[A-Za-z0-9_-]{20,100}")) {
            throw new IllegalArgumentException(
                    "--token wants a host's token, which begins with rgph_; POST /api/v1/hosts shows it");
        }
        return token;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("--token-file names " + file + ", which cannot be read: " + e, e);
        }
    }

    private static URI url(String text) {
        if (!text.matches("https?://[^/\\s?#]+(/[^\\s?#]*)?")) {
            throw new IllegalArgumentException(
                    "--server wants something like https://remotegpu.example.com; it got " + text);
        }
        try {
            return URI.create(text.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--server is no URL: " + text, e);
        }
    }

    private static String address(String text) {
        if (!text.matches("(dns:///)?(\\[[0-9A-Fa-f:.]+]|[^\\s:/]+):[1-9]\\d{0,4}")) {
            throw new IllegalArgumentException("--temporal wants HOST:PORT; it got " + text);
        }
        return text;
    }

    private static String hostId(String text) {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new IllegalArgumentException("--host-id is no id of a host: " + text);
        }
        return text;
    }

    @Override
    public String toString() {
        return "AgentOptions[" + hostId + " of " + server + ", token withheld]";
    }
}
