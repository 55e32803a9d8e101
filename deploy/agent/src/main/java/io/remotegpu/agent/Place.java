package io.remotegpu.agent;

/**
 * What the server says of the host that this agent has taken.
 *
 * @param installation under which engines label what is ours
 * @param ipAddress where users connect to
 * @param listenAddress what services listen on
 */
record Place(String installation, String ipAddress, String listenAddress) {}
