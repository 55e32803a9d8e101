package io.remotegpu.drivers.docker.broken;

import java.sql.Connection;

public record SeesDatabase(Connection connection) {}
