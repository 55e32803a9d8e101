package io.remotegpu.standalone.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

/** What {@code deploy/monitoring} asks Prometheus for. */
final class Monitoring {

    private static final Set<String> WORDS = Set.of(
            "and",
            "or",
            "unless",
            "by",
            "without",
            "on",
            "ignoring",
            "group_left",
            "group_right",
            "bool",
            "offset",
            "inf",
            "nan");
    /** Made by Prometheus itself. */
    private static final String UP = "up";

    private static final Pattern NO_NAMES = Pattern.compile(
            "\"[^\"]*\"|\\{[^}]*}|\\[[^]]*]|\\b(by|without|on|ignoring)\\s*\\([^)]*\\)|\\b[0-9][0-9.a-z]*");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\(|[a-zA-Z0-9_:])");

    /** The names of all metrics in the rules and the dashboard. */
    static Set<String> metrics() {
        var names = new TreeSet<String>();
        rules().forEach(expression -> names.addAll(metrics(expression)));
        panels().forEach(expression -> names.addAll(metrics(expression)));
        names.remove(UP);
        return names;
    }

    static Path folder() {
        return Needs.launcher().toAbsolutePath().resolveSibling("deploy").resolve("monitoring");
    }

    /** The expressions of the alert rules. */
    static List<String> rules() {
        var expressions = new ArrayList<String>();
        Map<String, List<Map<String, List<Map<String, Object>>>>> rules =
                new Yaml().load(read(folder().resolve("rules.yml")));
        rules.get("groups")
                .forEach(group -> group.get("rules")
                        .forEach(rule -> expressions.add(rule.get("expr").toString())));
        return expressions;
    }

    /** The expressions of the dashboard's panels. */
    static List<String> panels() {
        var expressions = new ArrayList<String>();
        new JsonMapper()
                .readTree(read(folder().resolve("dashboard.json")))
                .get("panels")
                .forEach(panel -> panel.get("targets")
                        .forEach(target -> expressions.add(target.get("expr").asString())));
        return expressions;
    }

    /** The names of an expression that are neither functions nor words nor labels. */
    static Set<String> metrics(String expression) {
        var names = new TreeSet<String>();
        // A label's matcher may have braces in a text; ours have none.
        var bare = NO_NAMES.matcher(expression).replaceAll(" ");
        NAME.matcher(bare)
                .results()
                .map(match -> match.group())
                .filter(name -> !WORDS.contains(name))
                .forEach(names::add);
        return names;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Monitoring() {}
}
