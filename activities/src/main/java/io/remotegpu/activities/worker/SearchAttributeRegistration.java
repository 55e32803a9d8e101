package io.remotegpu.activities.worker;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.remotegpu.workflows.SearchAttributes;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.serviceclient.OperatorServiceStubs;

/** Makes the namespace know our search attributes: without them Temporal refuses every workflow. */
final class SearchAttributeRegistration {

    /** Registers what is missing; another process doing the same at the same time is success. */
    static void register(OperatorServiceStubs operator, String namespace) {
        var present = operator.blockingStub()
                .listSearchAttributes(ListSearchAttributesRequest.newBuilder()
                        .setNamespace(namespace)
                        .build())
                .getCustomAttributesMap();
        var missing = AddSearchAttributesRequest.newBuilder().setNamespace(namespace);
        for (var attribute : SearchAttributes.all()) {
            if (!present.containsKey(attribute.getName())) {
                missing.putSearchAttributes(attribute.getName(), IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
            }
        }
        if (missing.getSearchAttributesCount() == 0) {
            return;
        }
        try {
            operator.blockingStub().addSearchAttributes(missing.build());
        } catch (StatusRuntimeException failed) {
            if (failed.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
                throw failed;
            }
        }
    }

    private SearchAttributeRegistration() {}
}
