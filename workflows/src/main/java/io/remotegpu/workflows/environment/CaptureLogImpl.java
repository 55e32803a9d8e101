package io.remotegpu.workflows.environment;

/** Public for the SDK, which constructs it; nobody else may. */
public final class CaptureLogImpl implements CaptureLog {

    @Override
    public void capture(LogRequest request) {
        Steps.readLog(request.hostId()).captureLog(request.id(), request.mode());
    }
}
