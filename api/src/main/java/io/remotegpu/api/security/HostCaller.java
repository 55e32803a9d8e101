package io.remotegpu.api.security;

/** A host's agent, by the host's own token. */
public record HostCaller(String hostId) {}
