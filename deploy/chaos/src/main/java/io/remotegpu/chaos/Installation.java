package io.remotegpu.chaos;

import java.util.List;

/** The processes that are tried: all in one, or each part in one of its own. */
interface Installation extends AutoCloseable {

    /** Returns when all but hosts of their own are ready. */
    void start() throws InterruptedException;

    /** With an administrator's word, hosts of their own join. */
    void join(Api admin) throws InterruptedException;

    /** Its children are PostgreSQL and Temporal. */
    Server services();

    /** It is asked. */
    Server api();

    /** In the order in which they are started. */
    List<Program> programs();

    /** What the other parts are connected by; nothing where all is in one. */
    List<Cable> cables();

    /** Those that ended although nobody ended them. */
    default List<Program> dead() {
        return programs().stream().filter(program -> !program.isAlive()).toList();
    }

    @Override
    void close();
}
