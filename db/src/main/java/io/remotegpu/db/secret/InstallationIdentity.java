package io.remotegpu.db.secret;

import java.util.UUID;

/** Which installation a database is of: made with the database, never changed, and the same in its copies. */
public record InstallationIdentity(UUID value) {}
