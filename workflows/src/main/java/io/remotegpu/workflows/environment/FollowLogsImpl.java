package io.remotegpu.workflows.environment;

/** Public for the SDK, which constructs it; nobody else may. */
public final class FollowLogsImpl implements FollowLogs {

    @Override
    public void follow(String hostId) {
        Steps.followLogs(hostId).follow(hostId);
    }
}
