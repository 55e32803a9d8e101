package io.remotegpu.bench;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects of one environment, as a cluster reports them, without what the cluster itself put there.
 *
 * @param address of the node, where node ports are open
 * @param nodePort of SSH
 */
record PodCopy(UUID environment, JsonNode objects, String address, int nodePort) {

    /** Everything that was made from a copy has it. */
    static final String LABEL = "bench.remotegpu.io/environment";

    private static final Set<String> METADATA = Set.of("name", "namespace", "labels", "annotations");
    private static final List<String> GIVEN =
            List.of("nodeName", "volumeName", "clusterIP", "clusterIPs", "healthCheckNodePort");

    /** @param reported a list, as {@code kubectl get -o json} prints it */
    static PodCopy of(UUID environment, JsonNode reported) {
        var list = (ObjectNode) reported.deepCopy();
        list.remove("metadata");
        var address = "";
        int nodePort = 0;
        for (JsonNode item : list.path("items")) {
            switch (item.path("kind").asString()) {
                case "Pod" -> address = item.path("status").path("hostIP").asString("");
                case "Service" ->
                    nodePort = item.path("spec")
                            .path("ports")
                            .path(0)
                            .path("nodePort")
                            .asInt();
                default -> {
                    // Has no address.
                }
            }
            clean((ObjectNode) item);
        }
        if (nodePort == 0) {
            throw new BenchException(
                    "the environment's service has no node port, which is what is asked for the banner:"
                            + " let the cluster's publish be node-ports");
        }
        return new PodCopy(environment, list, address, nodePort);
    }

    private static void clean(ObjectNode object) {
        object.remove("status");
        var metadata = (ObjectNode) object.path("metadata");
        metadata.retain(METADATA);
        if (metadata.get("annotations") instanceof ObjectNode annotations) {
            annotations.properties().removeIf(annotation -> !annotation.getKey().startsWith("remotegpu.io/"));
        }
        if (object.get("spec") instanceof ObjectNode spec) {
            spec.remove(GIVEN);
        }
    }

    /** The manifests of another one, which no RemoteGPU takes for its own: neither its names nor its labels' keys. */
    String named(UUID copy) {
        return JsonMapper.shared()
                .writeValueAsString(objects)
                .replace("remotegpu-" + environment, "remotegpu-bench-" + copy)
                .replace(environment.toString(), copy.toString())
                .replace("\"remotegpu.io/", "\"bench.remotegpu.io/");
    }
}
