package io.remotegpu.workflows;

import io.temporal.common.SearchAttributeKey;
import java.util.List;

/** What operators can search workflows by in Temporal; all keywords, registered at start-up where they are missing. */
public final class SearchAttributes {

    public static final SearchAttributeKey<String> ENVIRONMENT_ID = SearchAttributeKey.forKeyword("EnvironmentId");
    public static final SearchAttributeKey<String> USER_NAME = SearchAttributeKey.forKeyword("UserName");
    public static final SearchAttributeKey<String> HOST_ID = SearchAttributeKey.forKeyword("HostId");
    public static final SearchAttributeKey<String> DEPLOYMENT_MODE = SearchAttributeKey.forKeyword("DeploymentMode");
    public static final SearchAttributeKey<String> ENVIRONMENT_STATUS =
            SearchAttributeKey.forKeyword("EnvironmentStatus");

    /** All of them, for registration. */
    public static List<SearchAttributeKey<String>> all() {
        return List.of(ENVIRONMENT_ID, USER_NAME, HOST_ID, DEPLOYMENT_MODE, ENVIRONMENT_STATUS);
    }

    private SearchAttributes() {}
}
