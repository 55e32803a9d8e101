package io.remotegpu.standalone.demo;

import java.net.URI;
import java.util.Iterator;
import java.util.List;

/**
 * What {@code demo} was asked for.
 *
 * @param url where the API is, without {@code /api/v1}
 * @param mode the deployment mode's wire name
 * @param gpus how many GPUs the environment gets
 * @param times how many environments there are, one after the other
 */
record DemoOptions(URI url, String mode, int gpus, int times) {

    private static final List<String> MODES = List.of("docker", "k8s", "vm", "simulated");

    /** Simulated environments run nothing, so there is nothing to connect to. */
    boolean connects() {
        return !mode.equals("simulated");
    }

    /** Throws {@link IllegalArgumentException} with words for the person who typed it. */
    static DemoOptions parse(List<String> arguments) {
        URI url = URI.create("http://127.0.0.1:8080");
        String mode = "docker";
        int gpus = 0;
        int times = 1;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            switch (flag) {
                case "--url" -> url = url(value(flag, rest));
                case "--mode" -> mode = mode(value(flag, rest));
                case "--gpus" -> gpus = number(flag, value(flag, rest));
                case "--times" -> times = Math.max(1, number(flag, value(flag, rest)));
                default -> throw new IllegalArgumentException("demo does not know " + flag);
            }
        }
        return new DemoOptions(url, mode, gpus, times);
    }

    private static String value(String flag, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(flag + " wants a value");
        }
        return rest.next();
    }

    private static URI url(String text) {
        if (!text.matches("https?://[^/]+/?")) {
            throw new IllegalArgumentException("--url wants something like http://127.0.0.1:8080; it got " + text);
        }
        return URI.create(text.replaceFirst("/$", ""));
    }

    private static String mode(String text) {
        if (!MODES.contains(text)) {
            throw new IllegalArgumentException("--mode wants one of " + String.join(", ", MODES) + "; it got " + text);
        }
        return text;
    }

    private static int number(String flag, String text) {
        if (!text.matches("\\d{1,3}")) {
            throw new IllegalArgumentException(flag + " wants a number; it got " + text);
        }
        return Integer.parseInt(text);
    }
}
