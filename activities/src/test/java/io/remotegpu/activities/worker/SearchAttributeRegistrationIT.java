package io.remotegpu.activities.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.activities.testing.TemporalServer;
import io.remotegpu.workflows.SearchAttributes;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.OperatorServiceStubs;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a real Temporal development server, because the in-process one keeps no search attributes. */
class SearchAttributeRegistrationIT {

    private static TemporalServer server;
    private static OperatorServiceStubs operator;

    @BeforeAll
    static void startServer() throws IOException {
        server = TemporalServer.start();
        operator = server.operator();
    }

    @AfterAll
    static void stopServer() {
        if (server != null) {
            operator.shutdownNow();
            server.close();
        }
    }

    @Test
    void whatIsMissingIsRegisteredAsKeywordsAndDoingItAgainIsSuccess() {
        assertThat(present()).isZero();

        SearchAttributeRegistration.register(operator, TemporalServer.NAMESPACE);
        SearchAttributeRegistration.register(operator, TemporalServer.NAMESPACE);

        assertThat(present()).isEqualTo(SearchAttributes.all().size());
    }

    private static long present() {
        var attributes = operator.blockingStub()
                .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                        .setNamespace(TemporalServer.NAMESPACE)
                        .build())
                .getCustomAttributesMap();
        return SearchAttributes.all().stream()
                .map(SearchAttributeKey::getName)
                .filter(name -> attributes.get(name) == IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD)
                .count();
    }
}
