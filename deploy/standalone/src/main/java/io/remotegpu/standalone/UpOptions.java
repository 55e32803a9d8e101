package io.remotegpu.standalone;

import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code up} was asked for.
 *
 * @param port where the API listens
 * @param bind the address on which the API listens and environments are reached
 * @param simulate simulated hosts; absent for none
 * @param part what is started
 */
record UpOptions(int port, String bind, @Nullable Simulation simulate, Part part) {

    static final int DEFAULT_PORT = 8080;
    static final String DEFAULT_BIND = "127.0.0.1";

    /**
     * Simulated machines.
     *
     * @param hosts how many, at least 1
     * @param gpus how many each has
     */
    record Simulation(int hosts, int gpus) {

        private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,3})x(\\d{1,3})");

        /** Of the form {@code 4x8}. */
        static Simulation parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "--simulate wants HOSTSxGPUS, for example 4x8 for 4 hosts with 8 GPUs each; it got " + text);
            }
            return new Simulation(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        }
    }

    /** Throws {@link IllegalArgumentException} with words for the person who typed it. */
    static UpOptions parse(List<String> arguments) {
        int port = DEFAULT_PORT;
        String bind = DEFAULT_BIND;
        Simulation simulate = null;
        Part part = Part.EVERYTHING;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String flag = rest.next();
            switch (flag) {
                case "--port" -> port = port(value(flag, rest));
                case "--bind" -> bind = value(flag, rest);
                case "--simulate" -> simulate = Simulation.parse(value(flag, rest));
                case "--only" -> part = Part.named(value(flag, rest));
                default -> throw new IllegalArgumentException("up does not know " + flag);
            }
        }
        if (simulate != null && part != Part.EVERYTHING) {
            throw new IllegalArgumentException(
                    "--simulate is for a whole RemoteGPU; beside --only, a simulated host is an agent's: agent --simulate");
        }
        return new UpOptions(port, bind, simulate, part);
    }

    private static String value(String flag, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(flag + " wants a value");
        }
        return rest.next();
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException("--port wants a number from 1 to 65535; it got " + text);
    }
}
