package io.remotegpu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PodCopyTest {

    private static final UUID ENVIRONMENT = UUID.fromString("0b6d1a52-3f4e-4a0c-9d3b-6a1c2f7e8d90");
    private static final UUID COPY = UUID.fromString("11111111-2222-4333-8444-555555555555");

    private static final JsonNode REPORTED = JsonMapper.shared().readTree("""
            {"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": ""}, "items": [
              {"apiVersion": "v1", "kind": "PersistentVolumeClaim",
               "metadata": {"name": "remotegpu-ID-home", "namespace": "remotegpu", "uid": "u1", "resourceVersion": "12",
                 "finalizers": ["kubernetes.io/pvc-protection"], "creationTimestamp": "2026-01-01T00:00:00Z",
                 "labels": {"remotegpu.io/environment": "ID", "remotegpu.io/installation": "abc"},
                 "annotations": {"pv.kubernetes.io/bind-completed": "yes"}},
               "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "standard", "volumeName": "pvc-u1"},
               "status": {"phase": "Bound"}},
              {"apiVersion": "v1", "kind": "Service",
               "metadata": {"name": "remotegpu-ID", "namespace": "remotegpu", "uid": "u2"},
               "spec": {"type": "NodePort", "clusterIP": "10.96.1.2", "clusterIPs": ["10.96.1.2"],
                 "selector": {"remotegpu.io/environment": "ID", "remotegpu.io/installation": "abc"},
                 "ports": [{"name": "ssh", "port": 2222, "targetPort": 2222, "nodePort": 30007}]},
               "status": {"loadBalancer": {}}},
              {"apiVersion": "v1", "kind": "Pod",
               "metadata": {"name": "remotegpu-ID", "namespace": "remotegpu", "generation": 1,
                 "labels": {"remotegpu.io/environment": "ID"},
                 "annotations": {"remotegpu.io/spec": "hash"}},
               "spec": {"nodeName": "rg-node", "hostname": "bench-1",
                 "volumes": [{"name": "home", "persistentVolumeClaim": {"claimName": "remotegpu-ID-home"}}],
                 "containers": [{"name": "environment", "image": "remotegpu/terminal:1"}]},
               "status": {"phase": "Running", "hostIP": "10.0.0.7"}}]}
            """.replace("ID", ENVIRONMENT.toString()));

    private final PodCopy copy = PodCopy.of(ENVIRONMENT, REPORTED);
    private final JsonNode objects =
            JsonMapper.shared().readTree(copy.named(COPY)).path("items");
    private final JsonNode claim = objects.path(0);
    private final JsonNode service = objects.path(1);
    private final JsonNode pod = objects.path(2);

    @Test
    void sshIsWhereTheEnvironmentHadIt() {
        assertThat(copy.address()).isEqualTo("10.0.0.7");
        assertThat(copy.nodePort()).isEqualTo(30007);
        assertThat(service.at("/spec/ports/0/nodePort").asInt()).isEqualTo(30007);
    }

    @Test
    void whatTheClusterPutThereIsGone() {
        assertThat(claim.propertyNames()).containsExactly("apiVersion", "kind", "metadata", "spec");
        assertThat(claim.path("metadata").propertyNames())
                .containsExactlyInAnyOrder("name", "namespace", "labels", "annotations");
        assertThat(claim.at("/metadata/annotations").propertyNames()).isEmpty();
        assertThat(claim.path("spec").propertyNames()).containsExactly("accessModes", "storageClassName");
        assertThat(service.path("spec").propertyNames()).containsExactly("type", "selector", "ports");
        assertThat(pod.path("spec").has("nodeName")).isFalse();
    }

    @Test
    void itsPartsFindEachOtherByTheNewName() {
        assertThat(pod.at("/spec/volumes/0/persistentVolumeClaim/claimName").asString())
                .isEqualTo(claim.at("/metadata/name").asString())
                .isEqualTo("remotegpu-bench-" + COPY + "-home");
        assertThat(service.at("/spec/selector/bench.remotegpu.io~1environment").asString())
                .isEqualTo(pod.at("/metadata/labels/bench.remotegpu.io~1environment")
                        .asString())
                .isEqualTo(COPY.toString());
    }

    @Test
    void noRemoteGpuTakesItForItsOwn() {
        assertThat(copy.named(COPY)).doesNotContain(ENVIRONMENT.toString()).doesNotContain("\"remotegpu.io/");
    }

    @Test
    void anEnvironmentThatIsReachedOtherwiseIsNoTemplate() {
        var without = JsonMapper.shared().readTree(REPORTED.toString().replace("nodePort", "other"));

        assertThatThrownBy(() -> PodCopy.of(ENVIRONMENT, without))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("no node port");
    }

    @Test
    void whatWasReportedStaysAsItIs() {
        assertThat(REPORTED.at("/items/2/status/hostIP").asString()).isEqualTo("10.0.0.7");
    }
}
