package io.remotegpu.standalone.bom;

import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * A library of a bill of materials.
 *
 * @param name group and artifact, {@code org.example:thing}, as advisories name it
 * @param licences SPDX ids where there are such, otherwise names as the library gives them; several are a choice between them or hold
 *     for parts of it, which its own files tell; empty where it says none
 */
record Library(String name, String version, String purl, List<String> licences) {

    static final String OURS = "io.remotegpu";

    static Library of(JsonNode component) {
        var group = component.path("group").asString("");
        var name = component.path("name").asString("");
        return new Library(
                group.isEmpty() ? name : group + ":" + name,
                component.path("version").asString(""),
                component.path("purl").asString(""),
                StreamSupport.stream(component.path("licenses").spliterator(), false)
                        .map(Library::licence)
                        .toList());
    }

    boolean isOurs() {
        return name.startsWith(OURS + ":");
    }

    private static String licence(JsonNode choice) {
        var licence = choice.path("license");
        return choice.path("expression")
                .asString(licence.path("id").asString(licence.path("name").asString("")));
    }
}
