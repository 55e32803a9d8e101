package io.remotegpu.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.remotegpu.db.World.Event;
import io.remotegpu.db.invariants.Invariants;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Any sequence of operations, steps and faults keeps the invariants, and in the end everything is given back. */
class AnySequenceIT {

    /** What happens, to whom, and how much. */
    record Happening(Event event, int which, int amount) {}

    /** Started once; ends with the JVM. */
    private static final class Application {
        static final ConfigurableApplicationContext CONTEXT = new SpringApplicationBuilder(TestApplication.class)
                .web(WebApplicationType.NONE)
                .initializers(new TestApplication.OnTestDatabase())
                .run();
    }

    @Property(tries = 40, shrinking = ShrinkingMode.BOUNDED)
    void keepsTheInvariantsAndGivesEverythingBack(@ForAll("sequences") List<Happening> sequence) {
        var context = Application.CONTEXT;
        var world = new World(context);
        var invariants = context.getBean(Invariants.class);
        for (var happening : sequence) {
            world.happen(happening.event(), happening.which(), happening.amount());
            assertThat(invariants.violations()).as("after " + happening).isEmpty();
        }

        // What is not reached is not tested.
        Statistics.label("a host was lost beneath what ran")
                .collect(world.lostBeneathWhatRuns())
                .coverage(reached -> reached.check(true).count(tries -> tries > 0));
        Statistics.label("somebody waited for room").collect(world.waited());

        world.comeToRestAndDeleteAll();

        assertThat(invariants.violations()).isEmpty();
        assertThat(context.getBean(JdbcClient.class)
                        .sql("""
                                SELECT 'environment ' || name || ' is ' || status FROM environments WHERE status <> 'deleted'
                                UNION ALL SELECT 'allocation ' || id FROM allocations WHERE released_at IS NULL
                                UNION ALL SELECT 'GPU ' || id FROM gpus WHERE allocated_to IS NOT NULL
                                UNION ALL SELECT 'port ' || port FROM port_leases
                                UNION ALL SELECT 'reservation of ' || environment_id FROM reservations
                                UNION ALL SELECT 'wait of ' || environment_id FROM capacity_waits
                                UNION ALL SELECT 'open ' || kind FROM operations WHERE ended_at IS NULL
                                UNION ALL SELECT 'used of ' || id FROM hosts WHERE used_cpu <> 0 OR used_memory <> 0
                                UNION ALL SELECT 'log of ' || thing FROM holding_log WHERE held_to IS NULL""")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    @Provide
    Arbitrary<List<Happening>> sequences() {
        // Most of the time operations go on; otherwise nothing would ever be held.
        var events = Arbitraries.oneOf(
                Arbitraries.of(Event.STEP, Event.STEP_TWICE, Event.FINISH, Event.FINISH),
                Arbitraries.of(
                        Event.CREATE, Event.CREATE_OR_WAIT, Event.CREATE_OR_WAIT, Event.START, Event.START_OR_WAIT),
                Arbitraries.of(Event.values()));
        return Combinators.combine(
                        events,
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(0, 7))
                .as(Happening::new)
                .list()
                .ofMinSize(20)
                .ofMaxSize(80);
    }
}
