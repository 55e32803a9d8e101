package io.remotegpu.standalone;

import io.remotegpu.db.DatabaseConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The API and the worker in one process. */
@SpringBootApplication
@Import(DatabaseConfiguration.class)
class StandaloneApplication {}
