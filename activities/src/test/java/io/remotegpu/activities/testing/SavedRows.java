package io.remotegpu.activities.testing;

import org.springframework.jdbc.core.simple.JdbcClient;

/** A copy of all rows, as a dump is: restored, the database knows nothing of what happened since. */
public final class SavedRows {

    private static final String TABLES =
            "SELECT tablename AS t FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'flyway_schema_history'";

    private final JdbcClient jdbc;

    private SavedRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    public static SavedRows of(JdbcClient jdbc) {
        jdbc.sql("""
                        DO $$ DECLARE it record; BEGIN
                            DROP SCHEMA IF EXISTS saved CASCADE;
                            CREATE SCHEMA saved;
                            FOR it IN %s LOOP
                                EXECUTE format('CREATE TABLE saved.%%1$I AS TABLE public.%%1$I', it.t);
                            END LOOP;
                        END $$""".formatted(TABLES)).update();
        return new SavedRows(jdbc);
    }

    /** In one transaction, and without a trigger, as a dump is restored. */
    public void restore() {
        jdbc.sql("""
                        DO $$ DECLARE it record; BEGIN
                            PERFORM set_config('session_replication_role', 'replica', true);
                            FOR it IN %1$s LOOP
                                EXECUTE format('TRUNCATE public.%%1$I CASCADE', it.t);
                            END LOOP;
                            FOR it IN SELECT t, (SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
                                    WHERE table_schema = 'public' AND table_name = t AND is_generated = 'NEVER') AS columns
                                FROM (%1$s) AS tables LOOP
                                EXECUTE format('INSERT INTO public.%%1$I (%%2$s) OVERRIDING SYSTEM VALUE SELECT %%2$s FROM saved.%%1$I',
                                    it.t, it.columns);
                            END LOOP;
                        END $$""".formatted(TABLES)).update();
    }
}
