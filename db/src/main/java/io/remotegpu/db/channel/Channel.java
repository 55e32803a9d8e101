package io.remotegpu.db.channel;

/** What triggers say with PostgreSQL's NOTIFY. It is heard when, and only when, it is committed, whoever changed the rows. */
public enum Channel {

    /** Something may let somebody go who waits for capacity; says nothing more. */
    CAPACITY("capacity"),

    /** An environment has a new event, or is gone; says its id. Or lines came for who follows a log; says the stream's. */
    EVENTS("environment_events");

    private final String sqlName;

    Channel(String sqlName) {
        this.sqlName = sqlName;
    }

    String sqlName() {
        return sqlName;
    }
}
