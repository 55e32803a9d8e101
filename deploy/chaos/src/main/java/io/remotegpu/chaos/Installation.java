package io.remotegpu.chaos;

import java.util.ArrayList;
import java.util.List;

/** The processes that are tried: all in one, or each part in one of its own. */
interface Installation extends AutoCloseable {

    /** Returns when all but hosts of their own are ready. */
    void start() throws InterruptedException;

    /** Hosts with agents. */
    List<OwnHost> hosts();

    /** Its children are PostgreSQL and Temporal. */
    Server services();

    /** It is asked. */
    Server api();

    /** All but agents, in the order in which they are started. */
    List<Program> parts();

    /** What the parts are connected by; nothing where all is in one. */
    List<Cable> ownCables();

    /** With an administrator's word, hosts of their own join. */
    default void join(Api admin) throws InterruptedException {
        for (OwnHost host : hosts()) {
            host.join(admin);
        }
    }

    /** In the order in which they are started. */
    default List<Program> programs() {
        var programs = new ArrayList<>(parts());
        hosts().forEach(host -> programs.addAll(host.agents()));
        return programs;
    }

    /** What the processes are connected by. */
    default List<Cable> cables() {
        var cables = new ArrayList<>(ownCables());
        hosts().forEach(host -> cables.addAll(List.of(host.toTemporal(), host.toApi())));
        return cables;
    }

    /** Those that ended although nobody ended them. */
    default List<Program> dead() {
        return programs().stream().filter(program -> !program.isAlive()).toList();
    }

    @Override
    default void close() {
        cables().forEach(Cable::mend);
        programs().reversed().forEach(Program::close);
        cables().forEach(Cable::close);
    }
}
